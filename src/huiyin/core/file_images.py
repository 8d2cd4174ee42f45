"""Pictures: whether they are whole, and their small versions."""

from __future__ import annotations

import warnings
from pathlib import Path

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from huiyin.core.errors import InvalidInput

THUMBNAIL = 480
MOST_PIXELS = 80_000_000


def make_thumbnail(source: Path, target: Path) -> None:
    """A WebP of at most 480 pixels, upright, without what the camera wrote about place and person.

    Decodes the whole picture, so it also finds a damaged one: raises InvalidInput.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(source) as picture:
                _check_size(picture)
                picture.draft("RGB", (THUMBNAIL * 2, THUMBNAIL * 2))
                small = ImageOps.exif_transpose(picture)
                small.thumbnail((THUMBNAIL, THUMBNAIL))
                mode = "RGBA" if small.has_transparency_data else "RGB"
                small.convert(mode).save(target, "WEBP", quality=78, exif=b"", icc_profile=b"")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidInput(_("图片已损坏，打不开。"), code="damaged_image") from error


def _check_size(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise InvalidInput(_("图片的像素太多，请缩小后再上传。"), code="too_many_pixels")
