/**
 * Constants of the zip format, shared by reader and writer.
 * @see PKWARE, APPNOTE.TXT 6.3.10
 */
export const signatures = {
  local: 0x04034b50,
  descriptor: 0x08074b50,
  listed: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;

/** Compression methods. */
export const stored = 0;
export const deflated = 8;

/** Checksum and sizes follow the member. */
export const flagDescriptor = 0x0008;
export const flagUtf8 = 0x0800;
