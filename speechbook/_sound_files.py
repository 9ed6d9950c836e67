"""What files of sound look like from outside: their first bytes, their faults, and how to say what is wrong."""

from __future__ import annotations

import io
import os
import re

LOST_SECONDS = 0.05
UNKNOWN_LENGTH = 0x7FFF0000
"""Sizes from here up stand in the headers of streams, whose writer did not know the length."""

SOUND_MARKS = (b"RIFF", b"RF64", b"riff", b"FORM", b".snd", b"caff", b"fLaC", b"OggS", b"ID3", b"\xff\xfb", b"\xff\xf3")
OTHER_MARKS = (
    (4, b"ftypM4A", "an AAC (M4A) file"),
    (4, b"ftyp", "an MP4 or QuickTime video"),
    (0, b"\x1aE\xdf\xa3", "a WebM or Matroska video or recording"),
    (8, b"AVI ", "an AVI video"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"FLV", "a Flash video"),
    (0, b"\x00\x00\x01\xba", "an MPEG video"),
    (0, b"0&\xb2u", "a Windows Media file"),
)


CUT_SHORT = "{name} is cut short: its header promises more than the file holds. Get the whole file again."


class AudioError(ValueError):
    """A file cannot be used as sound; the message says what is wrong with it and what to do."""


class Forgiving:
    """A stream in which the impossible places that a damaged header points to are the beginning."""

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place, or to the beginning if there is no such place."""
        try:
            return super().seek(offset, whence)
        except (OSError, ValueError):
            return super().seek(0)


class ForgivingBytes(Forgiving, io.BytesIO):
    """Bytes in memory."""


class ForgivingFile(Forgiving, io.BufferedReader):
    """An open file."""


def check_head(name: str, head: bytes) -> None:
    """Raise AudioError if the first 16 bytes show that this is no sound file."""
    if not isinstance(head, bytes):
        raise AudioError(f"{name} was opened as text. Open it in binary mode, open(path, 'rb').")
    if not head:
        raise AudioError(f"{name} is empty (0 bytes). Record or download it again.")
    for offset, mark, kind in OTHER_MARKS:
        if head[offset:].startswith(mark):
            raise AudioError(f"{name} is {kind}, which cannot be read here. Convert its sound to WAV or FLAC first.")


def unreadable(name: str, head: bytes, error: Exception) -> AudioError:
    """Say why libsndfile could not read a file that begins so."""
    if not head.startswith(SOUND_MARKS):
        return AudioError(
            f"{name} is not a sound file that can be read: it begins with {head!r}. Pass a WAV, FLAC, OGG or MP3 file."
        )
    reason = str(error).rpartition(": ")[2].strip(" .")
    return AudioError(
        f"{name} is damaged, cut short or in an encoding that cannot be read ({reason}). "
        "Get the whole file again, or convert it to 16-bit WAV."
    )


def cut_short(data: bytes, log: str) -> bool:
    """Tell whether a file ends too early, by its bytes (of OGG also by its last ones alone) and libsndfile's log."""
    return _cut_ogg(data) or _cut_chunk(log)


def _cut_chunk(log: str) -> bool:
    """Look in libsndfile's log for a chunk that should be longer, apart from a few bytes of sloppy padding."""
    sizes = re.findall(r": (\d+) \(should be (\d+)\)", log)
    return any(int(found) + 8 < int(promised) < UNKNOWN_LENGTH for promised, found in sizes)


def _cut_ogg(data: bytes) -> bool:
    """Tell whether the last page of an OGG file is longer than what is there."""
    start = data.rfind(b"OggS") if data.startswith(b"OggS") else -1
    if start < 0:
        return False
    if start + 27 > len(data):
        return True
    segments = data[start + 27 : start + 27 + data[start + 26]]
    return start + 27 + data[start + 26] + sum(segments) > len(data)
