/** New random GUIDs. */
import type { GuidFields } from './guid.js';

/** A new GUID of 122 random bits: version 4, never zero. [MS-VHDX] 2.2.2.1 asks for random values. */
export function randomGuid(): GuidFields {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  const data4 = bytes.slice(8);
  data4[0] = (view.getUint8(8) & 0x3f) | 0x80;
  return {
    data1: view.getUint32(0, true),
    data2: view.getUint16(4, true),
    data3: (view.getUint16(6, true) & 0x0fff) | 0x4000,
    data4,
  };
}
