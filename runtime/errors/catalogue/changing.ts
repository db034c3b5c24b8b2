/** Why an image cannot be changed as requested. Not faults of an image. */
export const CHANGING = {
  VHDX_PLAN_STALE: { section: '2.2.2', summary: 'the image has changed since the plan was made' },
  VHDX_CHANGE_PARTS_CHILDREN: { section: '2.2.2', summary: 'other images have this one for their parent' },
  VHDX_COMPACT_NO_PARENT: { section: '2.6.2.2', summary: 'the disk has no parent to compare its blocks with' },
  VHDX_MERGE_TARGET_UNFIT: { section: '2.2.2', summary: 'the child cannot be merged into this image' },
  VHDX_MERGE_DONE: { section: '2.2.2', summary: 'the child has been merged into its parent already' },
  VHDX_MERGE_OTHER_CHILDREN: { section: '2.2.2', summary: 'other images have a merged image for their parent' },
  VHDX_RESIZE_INTO_DATA: { section: '2.6.2.2', summary: 'the disk has data behind the requested size' },
  VHDX_RESIZE_GPT_MISSING: { summary: 'the disk has no valid GPT whose backup could be moved' },
  VHDX_RESIZE_GPT_UNFIT: { summary: 'the partitions of the GPT do not fit the requested size' },
  VHDX_REBASE_NO_CHILD: { section: '2.6.2.1', summary: 'only a differencing disk can be given another parent' },
  VHDX_REBASE_NO_ROOM: { section: '2.6.1.2', summary: 'the metadata region has no room for the new parent locator' },
} as const;

/** What the documentation adds to CHANGING. */
export const CHANGING_EXPLAINED = {
  VHDX_PLAN_STALE: {
    meaning:
      'A plan is carried out only on the file that it was made for, in the same state: its length, its headers and the identifiers in them are compared first.',
    advice: 'Make the plan again and apply that one.',
    reportedBy: ['change'],
  },
  VHDX_CHANGE_PARTS_CHILDREN: {
    meaning:
      'The change gives the contents of the disk a new identity, DataWriteGuid. A differencing child knows its parent by that, and would no longer open.',
    advice:
      'Merge the children first, or use --force and reconnect them with vhdx rebase --ignore-id-mismatch, if they are still wanted.',
    reportedBy: ['change'],
  },
  VHDX_COMPACT_NO_PARENT: {
    meaning: 'Blocks that equal those of a parent can be given up only in a differencing disk.',
    advice: 'Compact the disk without --against-parent.',
    reportedBy: ['change'],
  },
  VHDX_MERGE_TARGET_UNFIT: {
    meaning:
      'A child is merged into one of the images that it reads from, which is none of the images that are merged; a parent that has to grow must not show more of its own parent then.',
    advice: 'Name the parent that the child has, or one of the parents of that.',
    reportedBy: ['change'],
  },
  VHDX_MERGE_DONE: {
    meaning:
      'The parent has another DataWriteGuid than the child was made for, as after a merge, and holds all that the child supplies: a merge of it was completed before. This is no error; nothing is done.',
    advice: 'Delete the child, or have vhdx merge --delete do it.',
    reportedBy: ['change'],
  },
  VHDX_MERGE_OTHER_CHILDREN: {
    meaning:
      'What is written into a parent is seen by all of its children; those that are not merged would read something else.',
    advice: 'Merge the other children first, write to a new file, or use --force if they are not needed any more.',
    reportedBy: ['change'],
  },
  VHDX_RESIZE_INTO_DATA: {
    meaning:
      'Making the disk that small would cut off bytes that are not zero, or the end of a partition. A backup GPT at the end of the disk does not count.',
    advice:
      'Shrink file systems and partitions inside the disk first; vhdx resize --to-minimum finds the smallest safe size, --discard-data cuts the data off.',
    reportedBy: ['change'],
  },
  VHDX_RESIZE_GPT_MISSING: {
    meaning: 'The primary GPT of the disk is absent or damaged, so there is nothing to make the backup from.',
    advice: 'Resize without --fix-gpt, and repair the partition table inside the guest.',
    reportedBy: ['change'],
  },
  VHDX_RESIZE_GPT_UNFIT: {
    meaning: 'A partition ends behind the place that the backup GPT would have at the end of the resized disk.',
    advice: 'Choose a larger size, or resize without --fix-gpt.',
    reportedBy: ['change'],
  },
  VHDX_REBASE_NO_CHILD: {
    meaning: 'A fixed or dynamic disk has all of its contents itself.',
    advice: 'Name the differencing disk; vhdx create --parent makes one.',
    reportedBy: ['change'],
  },
  VHDX_REBASE_NO_ROOM: {
    meaning: 'The locator is longer than its place and than every gap between the items of the metadata region.',
    advice: 'Use shorter paths, or copy the disk into a new image with vhdx convert.',
    reportedBy: ['change'],
  },
} as const;
