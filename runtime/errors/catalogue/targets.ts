/** Why a file could not be written. Not faults of an image. */
export const TARGETS = {
  VHDX_TARGET_NOT_PERMITTED: { summary: 'the file cannot be written: permission denied' },
  VHDX_TARGET_IN_USE: { summary: 'another program has the file open for writing' },
  VHDX_TARGET_FULL: { summary: 'the host has no space left' },
  VHDX_TARGET_IO: { summary: 'the bytes could not be written' },
  VHDX_TARGET_CHANGED: {
    section: '2.2.2',
    summary: 'another program has written to the image while it was open for writing',
  },
  VHDX_TARGET_EXISTS: { summary: 'a file of this name already exists' },
  VHDX_TARGET_IS_SOURCE: { summary: 'the target is one of the images that are read' },
  VHDX_TARGET_UNSUITABLE: { summary: 'the target cannot hold an image' },
} as const;

/** What the documentation adds to TARGETS. */
export const TARGETS_EXPLAINED = {
  VHDX_TARGET_NOT_PERMITTED: {
    meaning: 'The host refuses to let this user write the file or create one in the folder.',
    advice: 'Check the permissions, and whether the file system is read-only.',
    lookedAt: ['io/node'],
  },
  VHDX_TARGET_IN_USE: {
    meaning: 'Two writers at once would damage the image, so the file is locked while one has it open.',
    advice: 'Close the file in the other program.',
    lookedAt: ['io/node'],
  },
  VHDX_TARGET_FULL: {
    meaning: 'The file system, or a quota, does not allow the file to grow. What was flushed before is on disk.',
    advice: 'Free some space and run the command again.',
    lookedAt: ['io', 'io/node'],
  },
  VHDX_TARGET_IO: {
    meaning: 'The host reported an error while it wrote the file. What was flushed before is on disk.',
    advice: 'See the cause in the message, and run the command again.',
    lookedAt: ['io/node'],
  },
  VHDX_TARGET_CHANGED: {
    meaning:
      'The header in the file is no longer the one that this session wrote. The session stops rather than overwrite foreign data.',
    advice:
      'Check the image: it contains what the other program wrote and what was flushed before. Let only one program write.',
    lookedAt: ['log'],
  },
  VHDX_TARGET_EXISTS: {
    meaning: 'Existing files are never replaced without being asked for.',
    advice: 'Choose another name, or allow the file to be replaced.',
    lookedAt: ['io/node'],
  },
  VHDX_TARGET_IS_SOURCE: {
    meaning: 'Writing the target would overwrite the data that is still to be read.',
    advice: 'Choose another name for the target.',
    lookedAt: ['io/node'],
  },
  VHDX_TARGET_UNSUITABLE: {
    meaning: 'The target is a directory, a device, a pipe or a dangling link, or cannot have the required length.',
    advice: 'Name a regular file.',
    lookedAt: ['create', 'io/node'],
  },
} as const;
