/** Longest line of a capture, bytes: one frame of 1440 bytes as hex with separators, and the fields around it. */
export const CAPTURE_LINE_MAX = 8_192;
/** Largest record, bytes: the largest frame, with marks before it. */
export const CAPTURE_DATA_MAX = 2_048;
/** Most that is read of one file, bytes: some days of one line. It is read as a stream. */
export const CAPTURE_FILE_MAX = 2_147_483_648;
/** Longest name of the program that recorded. */
export const CAPTURE_SOURCE_MAX = 128;
