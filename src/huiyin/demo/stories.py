"""What happens to a case, as a list of moments: who did what when. By chance, the same for one seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from huiyin.demo.people import SITE_STAFF, Staff
from huiyin.demo.premises import Home
from huiyin.demo.texts import (
    COMPLAINTS,
    ENQUIRIES,
    INVALID,
    PRAISES,
    REPAIRS,
    SAME_TROUBLE,
    SUGGESTIONS,
    Topic,
)

# of the promises given
KEPT = 0.97
HALF_HOUR = timedelta(minutes=30)
CHANNELS = (
    ("phone",) * 9
    + ("wechat",) * 5
    + ("front_desk",) * 4
    + ("face_to_face", "suggestion_box", "web", "12345")
)


def _half_hour(at: datetime) -> datetime:
    """The last full or half hour: the times that people promise."""
    return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Moment:
    """One act: `who` is a username; `data` are the event's own fields."""

    at: datetime
    who: str
    name: str
    data: dict[str, Any]


@dataclass(slots=True)
class Story:
    """A case from its registration on. `site` is the code of its site."""

    site: str
    moments: list[Moment] = field(default_factory=list)

    def then(self, at: datetime, who: str, name: str, **data: Any) -> datetime:
        self.moments.append(Moment(at, who, name, data))
        return at


class Teller:
    """Makes the stories of one site."""

    def __init__(self, site: str, households: list[Home], chance: random.Random, now: datetime) -> None:
        self.site, self.households, self.chance, self.now = site, households, chance, now
        staff = SITE_STAFF[site]
        self.desk = [one.username for one in staff if one.post == "duty"]
        self.supervisor = self._first(staff, "service_supervisor")
        self.head = self._first(staff, "department_head")
        self.handlers = {one.unit: one.username for one in staff if one.post == "handler"}

    @staticmethod
    def _first(staff: tuple[Staff, ...], post: str) -> str:
        return next(one.username for one in staff if one.post == post)

    def stories(self, at: datetime, count: int) -> Iterator[Story]:
        for _index in range(count):
            yield self.story(self._daytime(at))

    def story(self, at: datetime) -> Story:
        draw = self.chance.random()
        if draw < 0.46:
            return self.complaint(at)
        if draw < 0.74:
            return self.repair(at)
        if draw < 0.88:
            return self.short(at, "enquiry", *self.chance.choice(ENQUIRIES))
        if draw < 0.95:
            return self.short(at, "suggestion", *self.chance.choice(SUGGESTIONS))
        return self.short(at, "praise", *self.chance.choice(PRAISES))

    def _daytime(self, day: datetime) -> datetime:
        hour = self.chance.choice((7, 8, 9, 9, 10, 10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21))
        return day.replace(hour=hour, minute=self.chance.randrange(60), second=self.chance.randrange(60))

    def by_day(self, at: datetime) -> datetime:
        """The same moment; at night, when nobody calls, the evening before."""
        if 7 <= at.hour < 22:
            return at
        evening = at if at.hour >= 22 else at - timedelta(days=1)
        return evening.replace(hour=self.chance.choice((19, 20, 21)), minute=self.chance.randrange(60))

    def same_trouble(self, at: datetime) -> list[Story]:
        """Three households of one building complain about its lift within the hour."""
        building = max({home.building for home in self.households}, key=self._homes_of)
        neighbours = self.chance.sample([home for home in self.households if home.building == building], 3)
        return [
            self._told(
                at + timedelta(minutes=14 * position),
                "complaint",
                "lift",
                text,
                home=home,
                urgency="ordinary",
            )
            for position, (home, text) in enumerate(zip(neighbours, SAME_TROUBLE, strict=True))
        ]

    def _homes_of(self, building: str) -> tuple[int, str]:
        return sum(home.building == building for home in self.households), building

    def _working(self, at: datetime) -> datetime:
        """The same moment, or the next morning where nobody would be at work."""
        if at.hour < 9:
            return at.replace(hour=9, minute=self.chance.randrange(2, 50))
        if at.hour >= 18:
            return (at + timedelta(days=1)).replace(hour=9, minute=self.chance.randrange(2, 50))
        return at

    def _later(self, at: datetime, low: float, high: float) -> datetime:
        return self._working(at + timedelta(hours=self.chance.uniform(low, high)))

    def _told(
        self, at: datetime, kind: str, category: str, text: str, *, home: Home | None = None, **more: Any
    ) -> Story:
        story = Story(self.site)
        household = home or self.chance.choice(self.households)
        person, name = self.chance.choice(household.people)
        facts = {
            "kind": kind,
            "category": category,
            "text": text,
            "channel": self.chance.choice(CHANNELS),
            "household": household.uuid,
            "customer": person,
            "reporter": name,
            "unit": self.site,
        }
        story.then(at, self.chance.choice(self.desk), "registered", **{**facts, **more})
        return story

    def short(self, at: datetime, kind: str, category: str, text: str, answer: str) -> Story:
        """Asked, answered, closed: most at once."""
        story = self._told(at, kind, category, text)
        at_once = self.chance.random() < 0.7
        moment = at + timedelta(minutes=3) if at_once else self._later(at, 1, 30)
        who = story.moments[0].who if at_once else self.supervisor
        story.then(moment, who, "answered", text=answer, means="phone")
        story.then(moment + timedelta(minutes=1), who, "closed")
        return story

    def _topic(self, topics: tuple[Topic, ...]) -> Topic:
        return self.chance.choices(topics, [topic.share for topic in topics])[0]

    def repair(self, at: datetime) -> Story:
        topic = self._topic(REPAIRS)
        urgent = self.chance.random() < 0.25
        story = self._told(
            at,
            "repair",
            topic.category,
            self.chance.choice(topic.texts),
            urgency="urgent" if urgent else "ordinary",
        )
        handler = self.handlers[topic.team]
        moment = at + timedelta(minutes=self.chance.randrange(4, 22))
        story.then(
            moment,
            self.supervisor,
            "assigned",
            to_post="handler",
            to_unit=f"{self.site}-{topic.team}",
            person=handler,
        )
        story.then(moment + timedelta(minutes=6), handler, "accepted")
        done = story.then(
            self._later(moment, 1, 30 if not urgent else 4),
            handler,
            "completed",
            result=self.chance.choice(topic.results),
        )
        if self.chance.random() < 0.6:
            done = story.then(
                self._later(done, 2, 30),
                self.chance.choice(self.desk),
                "followed_up",
                outcome=self._outcome(),
                means="phone",
            )
        story.then(done + timedelta(minutes=2), self.supervisor, "closed")
        return story

    def _outcome(self) -> str:
        return self.chance.choices(("satisfied", "fairly_satisfied", "unreachable"), (70, 24, 6))[0]

    def complaint(self, at: datetime) -> Story:
        if self.chance.random() < 0.13:
            return self.invalid(at)
        topic = self._topic(COMPLAINTS)
        urgent = topic.category in ("leak", "lift", "power_water") and self.chance.random() < 0.3
        more: dict[str, Any] = {"urgency": "urgent" if urgent else "ordinary"}
        if self.chance.random() < 0.08:
            more["severity"] = "severe"
        story = self._told(at, "complaint", topic.category, self.chance.choice(topic.texts), **more)
        leader = "sunwei" if story.moments[0].data["channel"] == "12345" else self.supervisor
        handler = self.handlers.get(topic.team, self.supervisor)
        moment = at + timedelta(minutes=self.chance.randrange(5, 40))
        to_unit = f"{self.site}-{topic.team}" if topic.team else self.site
        story.then(moment, leader, "assigned", to_post="handler", to_unit=to_unit, person=handler)
        moment = story.then(moment + timedelta(minutes=8), handler, "accepted")
        if topic.team and self.chance.random() < 0.14:
            self._order(story, topic, handler, moment + timedelta(minutes=20))
        elif more.get("severity"):
            self._for_the_company(story, moment + timedelta(minutes=30))
        return self._handled(story, topic, handler, moment, urgent)

    def _order(self, story: Story, topic: Topic, handler: str, at: datetime) -> None:
        """The head of the site orders the work from a department, in writing."""
        finish = self._later(at, 1, 6)
        story.then(
            at,
            self.head,
            "slip_issued",
            form="work_order",
            to_unit=f"{self.site}-{topic.team}",
            text="请今天安排两人上门处理，处理前后各拍一张照片。",
            finish_by=finish + timedelta(hours=20),
        )
        story.then(at + timedelta(minutes=25), handler, "slip_received", signed_by="")
        done = story.then(finish, handler, "slip_finished", result=self.chance.choice(topic.results))
        if self.chance.random() < 0.95:
            story.then(
                self._later(done, 1, 5), self.head, "slip_evaluated", satisfied=True, text="处理及时。"
            )

    def _for_the_company(self, story: Story, at: datetime) -> None:
        """Beyond the site's means: the supervisor asks the company."""
        story.then(
            at,
            self.supervisor,
            "slip_issued",
            form="work_slip",
            to_unit="HF",
            text="涉及费用和外单位，请公司领导协调。",
            reply_by=self._later(at, 20, 30),
        )
        answered = self._later(at, 1, 8)
        story.then(answered, "sunwei", "slip_received", signed_by="")
        story.then(
            answered + timedelta(minutes=15),
            "sunwei",
            "slip_answered",
            text="同意先修，费用由公司承担，工程部配合。",
        )
        seen = self._later(answered, 0.5, 4)
        story.then(seen, self.supervisor, "slip_evaluated", satisfied=True, text="已按批复安排。")

    def _handled(self, story: Story, topic: Topic, handler: str, at: datetime, urgent: bool) -> Story:
        party = topic.party if topic.party != "own" else "own"
        validity = "invalid" if party in ("developer", "other_owner") else "valid"
        late = self.chance.random() < 0.09
        moment = at + timedelta(minutes=self.chance.randrange(5, 50))
        judge = handler if handler in self.handlers.values() else self.supervisor
        reason = (
            "现场查看属实，属本公司维修和服务责任。"
            if validity == "valid"
            else "经查原因不在本公司管理范围，向顾客说明并跟进。"
        )
        story.then(moment, judge, "judged", validity=validity, responsible_party=party, reason=reason)
        if party == "developer":
            moment = story.then(moment + timedelta(minutes=10), judge, "forwarded", party="developer")
        wait = (2.2, 6) if late and urgent else (50, 110) if late else (0.1, 0.8) if urgent else (0.5, 20)
        if late and self.chance.random() < 0.7:
            story.then(
                moment + timedelta(hours=wait[0] * 0.8),
                self.chance.choice(self.desk),
                "chased",
                text="业主又来电催问进展。",
            )
        answered = moment + timedelta(hours=self.chance.uniform(*wait))
        moment = story.then(
            answered if urgent else self._working(answered),
            handler,
            "answered",
            text=self.chance.choice(topic.answers),
            means="phone",
        )
        done = self._later(moment, 2, 40)
        if self.chance.random() < 0.3:
            self._promised(story, handler, moment + timedelta(minutes=1), done)
        moment = story.then(done, handler, "completed", result=self.chance.choice(topic.results))
        return self._closed(story, handler, moment, validity)

    def _promised(self, story: Story, who: str, at: datetime, done: datetime) -> None:
        """People promise what they can keep, with some hours to spare; a few misjudge it."""
        kept = self.chance.random() < KEPT
        by = _half_hour(self._later(done, 0.5, 6)) + HALF_HOUR if kept else self._misjudged(at, done)
        story.then(at, who, "promised", what="completion", by=by.isoformat(), text="上门处理完")

    def _misjudged(self, at: datetime, done: datetime) -> datetime:
        """A time before the work was done, at an hour that people say."""
        by = at + (done - at) * self.chance.uniform(0.4, 0.8)
        spoken = _half_hour(by)
        if by.hour >= 18:
            spoken = by.replace(hour=18, minute=0, second=0)
        elif by.hour < 9:
            spoken = (by - timedelta(days=1)).replace(hour=18, minute=0, second=0)
        return spoken if spoken > at else by

    def _closed(self, story: Story, handler: str, at: datetime, validity: str) -> Story:
        visitor = handler if self.chance.random() < 0.3 else self.chance.choice(self.desk)
        moment = self._later(at, 1, 44)
        if validity == "valid" and self.chance.random() < 0.09:
            story.then(
                moment,
                visitor,
                "followed_up",
                outcome="dissatisfied",
                means="phone",
                text="说修了还是不行，要求主管到场。",
            )
            moment = story.then(
                self._later(moment, 1, 6), handler, "answered", text="主管已到现场，重新处理。", means="visit"
            )
            moment = story.then(
                self._later(moment, 3, 40), handler, "completed", result="主管到场重新处理，业主在场确认。"
            )
            moment = self._later(moment, 1, 30)
        if validity == "valid" and self.chance.random() < 0.04:
            story.then(moment, visitor, "followed_up", outcome="unreachable", means="phone")
            story.then(
                self._later(moment, 20, 30), visitor, "followed_up", outcome="unreachable", means="phone"
            )
            moment = self._later(moment, 50, 70)
            story.then(
                moment,
                self.head,
                "approved",
                what="closed",
                reason="三次联系不上，已短信告知可向公司总部反映。",
                attempts=3,
                recourse_offered=True,
            )
            story.then(
                moment + timedelta(minutes=5), self.supervisor, "closed", attempts=3, recourse_offered=True
            )
            return story
        outcome = self.chance.choices(("satisfied", "fairly_satisfied"), (72, 28))[0]
        story.then(moment, visitor, "followed_up", outcome=outcome, means="phone")
        # a slip may take longer than the case
        last = max(one.at for one in story.moments)
        story.then(last + timedelta(minutes=self.chance.randrange(2, 30)), self.supervisor, "closed")
        return story

    def invalid(self, at: datetime) -> Story:
        category, text, party, reason, answer = self.chance.choice(INVALID)
        story = self._told(at, "complaint", category, text)
        leader = "sunwei" if story.moments[0].data["channel"] == "12345" else self.supervisor
        moment = at + timedelta(minutes=30)
        story.then(
            moment,
            leader,
            "assigned",
            to_post="service_supervisor",
            to_unit=self.site,
            person=self.supervisor,
        )
        moment = story.then(
            self._later(moment, 0.2, 5),
            self.supervisor,
            "judged",
            validity="invalid",
            responsible_party=party,
            reason=reason,
        )
        if party in ("outside", "public_utility"):
            moment = story.then(moment + timedelta(minutes=20), self.supervisor, "forwarded", party=party)
        moment = story.then(
            self._later(moment, 0.2, 6), self.supervisor, "answered", text=answer, means="phone"
        )
        if story.moments[0].data["channel"] == "12345":
            moment = story.then(
                moment + timedelta(minutes=5), self.supervisor, "completed", result="已答复并回告转办单位。"
            )
        story.then(moment + timedelta(minutes=20), self.supervisor, "closed")
        return story
