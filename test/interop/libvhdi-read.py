"""Writes what libvhdi reads from a disk to standard output.

Arguments: OFFSET LENGTH IMAGE [PARENT...], in bytes, and the parent of each image behind it. Exit code 1 with libvhdi's words where it cannot.
The library is called as it is installed, since Debian's vhdimount needs FUSE.
"""

import ctypes
import sys

CHUNK = 1 << 20
READ = 1

library = ctypes.CDLL("libvhdi.so.1")
library.libvhdi_file_read_buffer_at_offset.restype = ctypes.c_ssize_t


def call(name, *arguments):
    error = ctypes.c_void_p()
    result = getattr(library, name)(*arguments, ctypes.byref(error))
    if result < 0:
        text = ctypes.create_string_buffer(1024)
        library.libvhdi_error_sprint(error, text, ctypes.c_size_t(1024))
        sys.exit(text.value.decode(errors="replace"))
    return result


def open_file(path):
    file = ctypes.c_void_p()
    call("libvhdi_file_initialize", ctypes.byref(file))
    call("libvhdi_file_open", file, path.encode(), ctypes.c_int(READ))
    return file


files = [open_file(path) for path in sys.argv[3:]]
for child, parent in zip(files, files[1:]):
    call("libvhdi_file_set_parent_file", child, parent)

offset, length = int(sys.argv[1]), int(sys.argv[2])
buffer = ctypes.create_string_buffer(CHUNK)
done = 0
while done < length:
    wanted, position = ctypes.c_size_t(min(CHUNK, length - done)), ctypes.c_int64(offset + done)
    count = call("libvhdi_file_read_buffer_at_offset", files[0], buffer, wanted, position)
    if count == 0:
        sys.exit(f"ended at {offset + done}")
    sys.stdout.buffer.write(buffer.raw[:count])
    done += count
