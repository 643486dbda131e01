/**
 * A header list: name, value, name, value, … Names are lower case; strings hold one byte of the wire in each character
 * ("Latin-1", 0 to 0xff).
 */
export type HeaderList = readonly string[];

/**
 * What an entry costs beside its characters, in the dynamic table
 * ({@link https://www.rfc-editor.org/rfc/rfc7541#section-4.1 | RFC 7541, 4.1}) and in SETTINGS_MAX_HEADER_LIST_SIZE
 * ({@link https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2 | RFC 9113, 6.5.2}).
 */
export const entryOverhead = 32;

/** SETTINGS_HEADER_TABLE_SIZE where no SETTINGS frame changed it ({@link https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2 | RFC 9113, 6.5.2}). */
export const defaultTableSize = 4096;
