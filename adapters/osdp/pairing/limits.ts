/** The longest of the four messages, type byte and all: message 2 with a certificate of the longest texts has 7,900 bytes. */
export const PAIRING_MESSAGE_LENGTH_MAX = 8_192;
/** Texts of a certificate, in bytes of UTF-8; readers keep no longer ones. */
export const CERTIFICATE_TEXT_LENGTH_MAX = 64;
/** Certificates that one end may trust by thumbprint. */
export const PINNED_THUMBPRINTS_MAX = 1_024;
/** Arrays inside arrays: a message, its certificate, what was signed, its subject. */
export const CBOR_DEPTH_MAX = 4;
/** Items of one array: what is signed in a certificate has eight. */
export const CBOR_ITEMS_MAX = 8;
