"""A company with a token and a group robot in the environment's database: `python -m tests.crash.prepare`.

Prints the secret of the token. The first argument is the robot's address.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from huiyin.cli.common import start_django


def main(robot_url: str) -> str:
    start_django()
    from tests.factories.organization import add_people, make_company

    from huiyin.core import clock
    from huiyin.notify.services import save_robot
    from huiyin.organization.models import Post
    from huiyin.organization.services import create_token
    from huiyin.procedures.services import install_pack

    small = make_company(posts=False)
    install_pack(company=small.root, source="PM1")
    add_people(small)
    admin = small.actor("admin")
    save_robot(actor=admin, unit=small.site_a, kind="wecom", name="群", url=robot_url)
    post = Post.objects.get(company=small.root, code="duty")
    _token, secret = create_token(
        actor=admin,
        unit=small.site_a,
        post=post,
        name="撞击试验",
        may=["register", "view", "handle"],
        expires_at=clock.now() + timedelta(days=30),
    )
    return secret


if __name__ == "__main__":
    print(main(sys.argv[1]))
