export const DEFAULT_DATA_DIR = '.millrace/service'
export const DEFAULT_LISTEN = '127.0.0.1:8090'

/** In the data directory: the token that was made at the first start, for whoever may read the directory. */
export const FIRST_TOKEN_FILE = 'admin.token'
/** Where the service listens that has the directory, for `millrace jobs` on the same machine. */
export const ENDPOINT_FILE = 'endpoint.json'
/** With which sessions of browsers are signed. */
export const SESSION_KEY_FILE = 'session.key'
