"""Who is in charge, linked from the words of the source to the organisations of the directory."""

from __future__ import annotations

from collections.abc import Iterable

from directory.models import Organisation
from workplan.enums import ActorRole
from workplan.models import Activity, ActivityActor

EVERYONE = "Tout EHP"


class Links:
    """The directory, read once."""

    def __init__(self) -> None:
        self._by_name = {
            name.casefold(): organisation
            for organisation in Organisation.objects.all()
            for name in (organisation.acronym, organisation.name)
            if name
        }

    def named(self, text: str) -> Organisation | None:
        """ "OCHA (Secrétariat)" and "Coordination Cluster Protection" name OCHA and the Cluster Protection."""
        name = text.partition("(")[0].strip()
        return self._by_name.get(name.casefold()) or self._by_name.get(name.removeprefix("Coordination ").casefold())

    def known(self, names: Iterable[str]) -> list[Organisation]:
        """Those that the directory knows."""
        return [found for name in names if (found := self._by_name.get(name.casefold()))]

    def spelt(self, names: Iterable[str]) -> list[str]:
        """The same, as the directory calls them, in order."""
        return sorted({str(each) for each in self.known(names)})

    def unknown(self, names: Iterable[str]) -> list[str]:
        """The others."""
        return [name for name in names if name.casefold() not in self._by_name]

    def linked(self, actor: ActivityActor) -> ActivityActor:
        """The same actor with the organisation that its words name, or that stands beside them."""
        actor.organisation = self.named(actor.named or actor.text)
        return actor

    def link(self, activity: Activity) -> None:
        """Links its actors, and says who reports: the one that is named, else the leads that the directory knows, else
        the whole team.
        """
        leads = []
        for actor in activity.actors.all():
            known = actor.organisation_id
            if self.linked(actor).organisation_id != known:
                actor.save(update_fields=["organisation"])
            if actor.role == ActorRole.LEAD:
                leads.append(actor)
        named = self.named(activity.reporter) if activity.reporter else None
        reporters = [named] if named else [lead.organisation for lead in leads if lead.organisation]
        activity.reporters.set(reporters)
        is_open = not reporters and any(lead.text == EVERYONE for lead in leads)
        if is_open != activity.open_to_every_lead:
            activity.open_to_every_lead = is_open
            activity.save(update_fields=["open_to_every_lead"])
