export const jobHref = (name: string, tab = '') => `/jobs/${encodeURIComponent(name)}${tab && `/${tab}`}`
