/**
 * Codes of what a host is known to refuse, beyond the specification; rows as in the table of codes. None is of severity
 * `error`: such an image is whole, it only cannot go there. Where they come from:
 *
 * - HV1: "Virtual hard disk files must be uncompressed and unencrypted and must not be sparse", 0xC03A001A, as Windows puts
 *   it, quoted in MicrosoftDocs/WSL issue 420; Optimize-VHD says the same (yuk7/ArchWSL
 *   issue 372);
 * - HV2: a comment in QEMU's block/vhdx.c;
 * - AZ1, AZ2: reference of Add-AzVhd (Az.Compute): "a .vhd file and in size N * Mib + 512 bytes"; it converts a VHDX first
 *   where there is Hyper-V;
 * - AZ3: reference of DiskCreationData.UploadSizeBytes (Azure.ResourceManager.Compute): 20972032 to 35183298347520 bytes,
 *   the footer of 512 bytes included, that is 20 MiB to 32767 GiB;
 * - AZ4: "Virtual Hard Disk Image Format Specification" 1.0, whose sectors have 512 bytes;
 * - WSL1: microsoft/WSL issue 4103 (refused) and issue 13075 ("Sparse VHD support is currently disabled due to potential
 *   data corruption"): newer versions attach a sparse file, to the risk of its data.
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
    'Azure takes fixed VHD files, no VHDX (reference of Add-AzVhd)',
    'Convert it for the upload: qemu-img convert -O vpc -o subformat=fixed,force_size, or Convert-VHD -VHDType Fixed; Add-AzVhd does it by itself where there is Hyper-V.',
  ],
  VHDX_AZURE_SIZE_UNALIGNED: [
    'AZ2',
    '',
    'refuse-write',
    'the virtual disk is no whole number of MiB, which Azure asks for (reference of Add-AzVhd)',
    'Resize the virtual disk to a whole MiB before it is converted.',
  ],
  VHDX_AZURE_SIZE_LIMIT: [
    'AZ3',
    '',
    'refuse-write',
    'the virtual disk is smaller or larger than an upload may be (reference of DiskCreationData.UploadSizeBytes)',
    'Use a virtual disk of 20 MiB to 32767 GiB.',
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
    'the disk needs its parents, but Azure takes whole disks only',
    'Merge the chain, or convert the disk together with its parents.',
  ],
  // wsl
  VHDX_WSL_HOST_FILE_SPARSE: [
    'WSL1',
    '',
    'refuse-write',
    'WSL does not attach a sparse or compressed host file, or a sparse one at the risk of its data (microsoft/WSL issues 4103 and 13075)',
    'Copy the file without holes (on Windows: wsl --manage DISTRIBUTION --set-sparse false, or fsutil sparse setflag FILE 0).',
  ],
} as const;
