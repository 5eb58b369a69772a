/**
 * The addon (`Addon` of src/client/addon-types.ts). Throws an Error with `code` 'MR_NATIVE_MISSING' and `remedy`, whose
 * message says what to do.
 */
export function loadAddon(): unknown
