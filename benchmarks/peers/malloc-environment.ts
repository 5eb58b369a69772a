const THRESHOLD = String(256 * 1024 * 1024)

/**
 * As millrace's workers have it: else malloc maps and unmaps every large fetch buffer, whose page faults cost as much as
 * the work.
 */
export const LARGE_BUFFERS = { MALLOC_MMAP_THRESHOLD_: THRESHOLD, MALLOC_TRIM_THRESHOLD_: THRESHOLD } as const
