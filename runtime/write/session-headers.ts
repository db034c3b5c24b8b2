import { type GuidFields, guidsEqual } from '../guid.js';
import { SESSION_HEADER_UPDATES } from '../header.js';
import { type CurrentHeader, requireHeaderUpdates, updateHeaders } from '../header-update.js';
import { randomGuid } from '../random-guid.js';
import type { ByteTarget } from '../target.js';

/** The identifiers that the first change of a session gives an image. [MS-VHDX] 2.2.2 */
export interface SessionGuids {
  readonly fileWriteGuid: GuidFields;
  readonly dataWriteGuid: GuidFields;
}

/** The headers of an image while it is written. [MS-VHDX] 2.2.2.1 */
export class SessionHeaders {
  readonly #target: ByteTarget;
  readonly #guids: SessionGuids;
  #current: CurrentHeader;
  #begun: Promise<void> | undefined;

  /**
   * @throws VhdxError VHDX_HEADER_SEQUENCE_EXHAUSTED if not even a session of one change is possible
   * @throws TypeError if a GUID is the one that the header has already
   */
  constructor(target: ByteTarget, current: CurrentHeader, guids: Partial<SessionGuids> = {}) {
    const { fileWriteGuid = randomGuid(), dataWriteGuid = randomGuid() } = guids;
    const { header } = current;
    if (guidsEqual(fileWriteGuid, header.fileWriteGuid) || guidsEqual(dataWriteGuid, header.dataWriteGuid)) {
      throw new TypeError('a session needs GUIDs that the image does not have yet');
    }
    requireHeaderUpdates(current, SESSION_HEADER_UPDATES);
    this.#target = target;
    this.#current = current;
    this.#guids = { fileWriteGuid, dataWriteGuid };
  }

  /**
   * To be awaited before anything else is changed: the first call gives both headers a new FileWriteGuid and a new
   * DataWriteGuid, the others wait for it. [MS-VHDX] 2.2.2
   */
  begin(): Promise<void> {
    this.#begun ??= this.#update(this.#guids);
    return this.#begun;
  }

  /** Puts a LogGuid into both headers. Not to be called while another call is running. */
  setLogGuid(logGuid: GuidFields): Promise<void> {
    return this.#update({ logGuid });
  }

  async #update(change: Partial<SessionGuids> & { readonly logGuid?: GuidFields }): Promise<void> {
    this.#current = await updateHeaders(this.#target, this.#current, change);
  }
}
