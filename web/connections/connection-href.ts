/** The table of connections with the dialog of this one. */
export const connectionHref = (name: string) => `/connections?edit=${encodeURIComponent(name)}`
