/** Errors of writing a file. Not faults of an image. */
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
  VHDX_TARGET_NO_HOLES: { summary: 'the host cannot make holes in the file' },
} as const;

/** What the documentation adds to TARGETS. */
export const TARGETS_EXPLAINED = {
  VHDX_TARGET_NOT_PERMITTED: {
    meaning: 'The host refuses to let this user write the file or create one in the folder.',
    advice: 'Check the permissions, and whether the file system is read-only.',
    reportedBy: ['io/node'],
  },
  VHDX_TARGET_IN_USE: {
    meaning: 'Two writers at once would damage the image, so the file is locked while one has it open.',
    advice: 'Close the file in the other program.',
    reportedBy: ['io/node'],
  },
  VHDX_TARGET_FULL: {
    meaning: 'The file system, or a quota, does not allow the file to grow. What was flushed before is on disk.',
    advice: 'Free some space and run the command again.',
    reportedBy: ['io', 'io/node'],
  },
  VHDX_TARGET_IO: {
    meaning: 'The host reported an error while it wrote the file. What was flushed before is on disk.',
    advice: 'See the cause in the message, and run the command again.',
    reportedBy: ['io/node'],
  },
  VHDX_TARGET_CHANGED: {
    meaning:
      'The header in the file is no longer the one that this session wrote. The session stops rather than overwrite foreign data.',
    advice:
      'Check the image: it contains what the other program wrote and what was flushed before. Let only one program write.',
    reportedBy: ['log'],
  },
  VHDX_TARGET_EXISTS: {
    meaning: 'Existing files are never replaced without being asked for.',
    advice: 'Choose another name, or allow the file to be replaced.',
    reportedBy: ['io/node'],
  },
  VHDX_TARGET_IS_SOURCE: {
    meaning: 'Writing the target would overwrite the data that is still to be read.',
    advice: 'Choose another name for the target.',
    reportedBy: ['io/node'],
  },
  VHDX_TARGET_UNSUITABLE: {
    meaning: 'The target is a directory, a device, a pipe or a dangling link, or cannot have the required length.',
    advice: 'Name a regular file.',
    reportedBy: ['create', 'io/node'],
  },
  VHDX_TARGET_NO_HOLES: {
    meaning:
      'Holes need a file system that has them, and the optional package fs-native-extensions; a block device, a buffer and other targets have none. The image is sound.',
    advice:
      'Leave out --punch-holes; vhdx compact without --no-move gives the space back by a shorter file. Or install fs-native-extensions, or keep the image on ext4, XFS, Btrfs, APFS or NTFS.',
    reportedBy: ['io', 'io/node'],
  },
} as const;
