/**
 * Codes of what a host is known to refuse, beyond the specification; rows as in the table of codes. Each summary or
 * remedy names its source. None is of severity `error`: such an image is whole, it only cannot go there.
 */
export const PROFILE_CODES = {
  // hyperv
  VHDX_HYPERV_HOST_FILE_SPARSE: [
    'HV1',
    '',
    'refuse-write',
    'Hyper-V does not attach a sparse or compressed host file (system error 0xC03A001A)',
    'Copy the file without holes (cp --sparse=never; on Windows: fsutil sparse setflag FILE 0, compact /u FILE).',
  ],
  VHDX_HYPERV_ZERO_WITH_OFFSET: [
    'HV2',
    '2.5.1.1',
    'refuse-write',
    'a block in state ZERO has a file offset, at which Hyper-V fails (reported in the source of QEMU, block/vhdx.c)',
    'Set the file offset of these BAT entries to zero.',
  ],
  // azure
  VHDX_AZURE_NOT_A_FIXED_VHD: [
    'AZ1',
    '',
    'info',
    'Azure takes fixed VHD files, no VHDX (Azure documentation, "Prepare a Windows VHD to upload")',
    'Convert it for the upload: qemu-img convert -O vpc -o subformat=fixed,force_size, or Convert-VHD -VHDType Fixed.',
  ],
  VHDX_AZURE_SIZE_UNALIGNED: [
    'AZ2',
    '',
    'refuse-write',
    'the virtual disk is no whole number of MiB, which Azure asks for ("Prepare a Windows VHD to upload")',
    'Resize the virtual disk to a whole MiB before it is converted.',
  ],
  VHDX_AZURE_SIZE_LIMIT: [
    'AZ3',
    '',
    'refuse-write',
    'the virtual disk is smaller or larger than an upload may be (Azure REST API, Disks, uploadSizeBytes)',
    'Use a virtual disk of 20 MiB to 32 TiB.',
  ],
  VHDX_AZURE_SECTOR_SIZE: [
    'AZ4',
    '',
    'refuse-write',
    'the disk has logical sectors of 4096 bytes, but a VHD only has sectors of 512 (VHD specification 1.0)',
    'Copy the contents to a disk with logical sectors of 512 bytes.',
  ],
  VHDX_AZURE_DIFFERENCING: [
    'AZ5',
    '',
    'refuse-write',
    'the disk needs its parents, but Azure takes whole disks only ("Prepare a Windows VHD to upload")',
    'Merge the chain, or convert the disk together with its parents.',
  ],
  // wsl
  VHDX_WSL_HOST_FILE_SPARSE: [
    'WSL1',
    '',
    'refuse-write',
    'WSL does not attach a sparse or compressed host file, as it goes through Hyper-V',
    'Copy the file without holes (on Windows: wsl --manage DISTRIBUTION --set-sparse false, or fsutil sparse setflag FILE 0).',
  ],
} as const;
