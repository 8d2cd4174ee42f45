"""The services of notifications."""

from __future__ import annotations

from tests.factories.cases import install_beside_posts, register_case
from tests.factories.organization import SmallCompany

from huiyin.core import clock
from huiyin.notify import services as do
from huiyin.notify.channels.robots import NotDelivered
from huiyin.notify.models import Notification, Robot

ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a"


def _acknowledge(small: SmallCompany) -> object:
    install_beside_posts(small.root)
    told = Notification.objects.create(
        company=small.root,
        person=small.people["head_a"],
        case=register_case(small.actor("duty_a")),
        key="x",
        matter="x",
        what="breached",
        at=clock.now(),
        must_acknowledge=True,
    )
    return do.acknowledge(actor=small.actor("head_a"), uuid=told.uuid)


def _save(small: SmallCompany) -> Robot:
    return do.save_robot(actor=small.actor("admin"), unit=small.site_a, kind="wecom", name="群", url=ADDRESS)


def _try(small: SmallCompany) -> None:
    """That somebody tried is on record whatever came of it; this one has no address to go to."""
    robot = _save(small)
    robot.url = "https://robot.invalid/"
    try:
        do.try_robot(actor=small.actor("admin"), robot=robot, text="x")
    except NotDelivered:
        return


PERFORM = {
    "acknowledge": _acknowledge,
    "save_robot": _save,
    "try_robot": _try,
    "save_preference": lambda small: do.save_preference(actor=small.actor("head_a"), mail=False),
}
READS = {
    "mark_read": "what somebody has looked at himself binds nobody; acknowledging does",
    "mark_new_read": "the same for several at once",
}
