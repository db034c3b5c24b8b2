/** Rules A: the file and its file type identifier. [MS-VHDX] 2.1, 2.2.1 */
export const FILE = {
  VHDX_FILE_TOO_SHORT: {
    rule: 'A1',
    section: '2.2',
    severity: 'error',
    summary: 'the file is shorter than its 1 MiB header section',
    remedy: 'restore',
  },
  VHDX_SIGNATURE_MISMATCH: {
    rule: 'A2',
    section: '2.2.1',
    severity: 'error',
    summary: 'the file is not a VHDX',
    advice: 'Check that this is the right file.',
    schema: true,
  },
  VHDX_CREATOR_MALFORMED: {
    rule: 'A3',
    section: '2.2.1',
    severity: 'info',
    summary: 'the creator is not well-formed UTF-16',
  },
  VHDX_IDENTIFIER_RESERVED_NONZERO: {
    rule: 'A4',
    section: '2.2.1',
    severity: 'info',
    summary: 'the reserved bytes after the file type identifier are not zero',
  },
  VHDX_FILE_LENGTH_UNALIGNED: {
    rule: 'A6',
    section: '2.1',
    severity: 'warning',
    summary: 'the file length is not a multiple of 1 MiB',
    advice: 'Run vhdx check --repair: it extends the file with zeros to a whole MiB, unless its end is missing.',
  },
  VHDX_TRAILING_SPACE: {
    rule: 'A7',
    section: '2.1',
    severity: 'info',
    summary: 'there is unused space at the end of the file',
    advice: 'No action is needed; truncating the unused space makes the file shorter.',
  },
  VHDX_FREE_SPACE: {
    rule: 'A8',
    covers: ['J2'],
    section: '2.1',
    severity: 'info',
    summary: 'there is unused space inside the file',
    advice: 'No action is needed; compacting the image makes the file shorter.',
  },
  VHDX_HOST_FILE_SPARSE: {
    rule: 'A9',
    severity: 'info',
    summary: 'the host file is sparse, compressed or a clone',
    advice:
      'On Windows, Hyper-V and WSL refuse files with the sparse attribute; copying the file without it resolves that.',
  },
} as const;

/** What the documentation adds to FILE. */
export const FILE_EXPLAINED = {
  VHDX_FILE_TOO_SHORT: {
    meaning:
      'The first MiB holds the file type identifier, both headers and both region tables. A part of it is missing, so the file was cut off or never completed.',
    reportedBy: ['image'],
  },
  VHDX_SIGNATURE_MISMATCH: {
    meaning:
      'A VHDX begins with the eight bytes "vhdxfile". Other formats, such as VHD, QCOW2 or raw images, do not; a VHDX whose first bytes were overwritten does not either.',
    reportedBy: ['schemas/vhdx_file_type_identifier', 'image'],
  },
  VHDX_CREATOR_MALFORMED: {
    meaning:
      'The field Creator names the program that made the file. It is informative only, and no reader depends on it.',
    reportedBy: ['format'],
  },
  VHDX_IDENTIFIER_RESERVED_NONZERO: {
    meaning: 'The rest of the first 64 KiB is reserved. Readers ignore it; data there is hidden, not lost.',
    reportedBy: ['format'],
  },
  VHDX_FILE_LENGTH_UNALIGNED: {
    meaning:
      'All structures are aligned to 1 MiB, so a partial MiB at the end may mean that the file was cut off. Some tools write such files, and readers accept them.',
    reportedBy: ['check'],
  },
  VHDX_TRAILING_SPACE: {
    meaning: 'Nothing refers to the last part of the file. Writers often allocate ahead, so this is normal.',
    reportedBy: ['check'],
  },
  VHDX_FREE_SPACE: {
    meaning:
      'Nothing refers to some MiB between the structures. Deleted or moved blocks leave such gaps, and a writer uses them again.',
    reportedBy: ['check'],
  },
  VHDX_HOST_FILE_SPARSE: {
    meaning:
      'The host stores less than the length of the file. The contents are not affected. Holes of a Linux file system are not the sparse attribute of NTFS.',
    reportedBy: ['check'],
    related: ['VHDX_HYPERV_HOST_FILE_SPARSE', 'VHDX_WSL_HOST_FILE_SPARSE'],
  },
} as const;
