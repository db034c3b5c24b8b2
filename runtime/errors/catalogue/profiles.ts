/** Rules HV: what Hyper-V refuses beyond the specification. */
export const HYPERV = {
  VHDX_HYPERV_HOST_FILE_SPARSE: {
    rule: 'HV1',
    severity: 'refuse-write',
    summary: 'Hyper-V does not attach a sparse or compressed host file (system error 0xC03A001A)',
    advice:
      'Copy the file without holes (cp --sparse=never; on Windows: fsutil sparse setflag FILE 0, compact /u FILE).',
    profiles: ['hyperv'],
  },
  VHDX_HYPERV_ZERO_WITH_OFFSET: {
    rule: 'HV2',
    section: '2.5.1.1',
    severity: 'refuse-write',
    summary: 'a block in state ZERO has a file offset, on which Hyper-V is reported to fail',
    advice: 'Set the file offset of these BAT entries to zero.',
    profiles: ['hyperv', 'wsl'],
  },
} as const;

/** What the documentation adds to HYPERV. */
export const HYPERV_EXPLAINED = {
  VHDX_HYPERV_HOST_FILE_SPARSE: {
    meaning:
      'Windows requires that virtual hard disk files are uncompressed, unencrypted and not sparse (0xC03A001A; quoted in MicrosoftDocs/WSL issue 420, for Optimize-VHD in yuk7/ArchWSL issue 372).',
    reportedBy: ['check'],
  },
  VHDX_HYPERV_ZERO_WITH_OFFSET: {
    meaning: 'A comment in block/vhdx.c of QEMU reports it. WSL attaches disks by the same driver.',
    reportedBy: ['check'],
  },
} as const;

/** Rules AZ: what an upload to Azure refuses. */
export const AZURE = {
  VHDX_AZURE_NOT_A_FIXED_VHD: {
    rule: 'AZ1',
    severity: 'info',
    summary: 'Azure accepts fixed VHD files, not VHDX',
    advice:
      'Convert the image for the upload: qemu-img convert -O vpc -o subformat=fixed,force_size, or Convert-VHD -VHDType Fixed; Add-AzVhd converts it by itself where Hyper-V is installed.',
    profiles: ['azure'],
  },
  VHDX_AZURE_SIZE_UNALIGNED: {
    rule: 'AZ2',
    severity: 'refuse-write',
    summary: 'the virtual disk size is not a whole number of MiB, which Azure requires',
    advice: 'Resize the virtual disk to a whole MiB before it is converted.',
    profiles: ['azure'],
  },
  VHDX_AZURE_SIZE_LIMIT: {
    rule: 'AZ3',
    severity: 'refuse-write',
    summary: 'the virtual disk is smaller or larger than an upload to Azure may be',
    advice: 'Use a virtual disk of 20 MiB to 32767 GiB.',
    profiles: ['azure'],
  },
  VHDX_AZURE_SECTOR_SIZE: {
    rule: 'AZ4',
    severity: 'refuse-write',
    summary: 'the disk has logical sectors of 4096 bytes, but a VHD has sectors of 512 bytes',
    advice: 'Copy the contents to a disk with logical sectors of 512 bytes.',
    profiles: ['azure'],
  },
  VHDX_AZURE_DIFFERENCING: {
    rule: 'AZ5',
    severity: 'refuse-write',
    summary: 'the disk depends on its parents, but Azure accepts whole disks only',
    advice: 'Merge the chain, or convert the disk together with its parents.',
    profiles: ['azure'],
  },
} as const;

/** What the documentation adds to AZURE. */
export const AZURE_EXPLAINED = {
  VHDX_AZURE_NOT_A_FIXED_VHD: {
    meaning: 'The reference of Add-AzVhd asks for a .vhd file of N * MiB + 512 bytes. Every VHDX has this finding.',
    reportedBy: ['check'],
  },
  VHDX_AZURE_SIZE_UNALIGNED: {
    meaning: 'The reference of Add-AzVhd asks for N * MiB + 512 bytes, the footer of the VHD included.',
    reportedBy: ['check'],
  },
  VHDX_AZURE_SIZE_LIMIT: {
    meaning:
      'The reference of DiskCreationData.UploadSizeBytes (Azure.ResourceManager.Compute) allows 20972032 to 35183298347520 bytes, the footer of 512 bytes included.',
    reportedBy: ['check'],
  },
  VHDX_AZURE_SECTOR_SIZE: {
    meaning: 'The Virtual Hard Disk Image Format Specification 1.0 knows sectors of 512 bytes only.',
    reportedBy: ['check'],
  },
  VHDX_AZURE_DIFFERENCING: {
    meaning: 'An upload has one file, so the data of the parents would be missing.',
    reportedBy: ['check'],
  },
} as const;

/** Rules WSL: what WSL refuses beyond the specification. */
export const WSL = {
  VHDX_WSL_HOST_FILE_SPARSE: {
    rule: 'WSL1',
    severity: 'refuse-write',
    summary: 'WSL does not attach a sparse or compressed host file, or attaches it at the risk of its data',
    advice:
      'Copy the file without holes (on Windows: wsl --manage DISTRIBUTION --set-sparse false, or fsutil sparse setflag FILE 0).',
    profiles: ['wsl'],
  },
} as const;

/** What the documentation adds to WSL. */
export const WSL_EXPLAINED = {
  VHDX_WSL_HOST_FILE_SPARSE: {
    meaning:
      'Older versions refuse the file (microsoft/WSL issue 4103); newer ones attach it, but sparse disks are disabled by default because of possible data corruption (microsoft/WSL issue 13075).',
    reportedBy: ['check'],
  },
} as const;
