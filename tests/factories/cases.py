"""A procedure and a case in a company whose posts are the factory's own."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from huiyin.cases.models import Case
from huiyin.cases.recording import register
from huiyin.organization.actors import Actor
from huiyin.organization.models import Post, Unit
from huiyin.procedures.services import install_pack

KEPT = ("name", "reports_to", "may", "whole_company", "position")


def install_beside_posts(company: Unit, source: str = "PM1") -> None:
    """Install a pack and leave the posts as they were: tables of rights are written for the factory's."""
    before = list(Post.objects.filter(company=company))
    install_pack(company=company, source=source)
    for post in before:
        Post.objects.filter(pk=post.pk).update(**{name: getattr(post, name) for name in KEPT})


def register_case(actor: Actor, **facts: object) -> Case:
    """A complaint by telephone, with whatever else is given."""
    data = {"kind": "complaint", "channel": "phone", "text": "楼上漏水，一直滴。", **facts}
    return register(actor=actor, data=data).case


def picture() -> bytes:
    """A small photograph."""
    stream = BytesIO()
    Image.new("RGB", (60, 40), (90, 120, 150)).save(stream, "JPEG")
    return stream.getvalue()
