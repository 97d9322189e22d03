"""Who is invented: which organisation has whom, in which office, role and zone."""

from __future__ import annotations

from dataclasses import dataclass

from directory.roles import Role

BAMAKO, SEVARE, GAO, MENAKA, TOMBOUCTOU = "ML0901", "ML0506", "ML0703", "ML1001", "ML0605"
REGION_OF_OFFICE = {SEVARE: "ML05", GAO: "ML07", MENAKA: "ML10", TOMBOUCTOU: "ML06"}


@dataclass(frozen=True)
class Part:
    """One person to invent. `office` is the P-code of its cercle; outside Bamako it is also their zone.

    `is_small`: also there when few are wanted. `investigates`: holds the entity's investigation function.
    """

    organisation: str
    role: Role
    office: str = ""
    is_small: bool = False
    investigates: bool = False

    @property
    def zone(self) -> str:
        """The P-code of the region they answer for, "" for the whole country."""
        return REGION_OF_OFFICE.get(self.office, "")


def _parts(role: Role, *where: str | tuple[str, str], small: int = 0) -> list[Part]:
    """One part for each place, the first `small` of which are always there."""
    places = [(one, "") if isinstance(one, str) else one for one in where]
    return [Part(name, role, office, is_small=rank < small) for rank, (name, office) in enumerate(places)]


LINE, PROTECTION, GBV, CHILD = "Ligne verte commune", "Cluster Protection", "Sous-cluster VBG", "Sous-cluster PE"

CAST: list[Part] = [
    *_parts(Role.OPERATOR, LINE, (LINE, SEVARE), (LINE, BAMAKO), ("PAM", GAO), small=1),
    *_parts(
        Role.FOCAL_POINT,
        "HCR",
        "NRC",
        "PAM",
        ("HCR", GAO),
        ("NRC", GAO),
        ("NRC", MENAKA),
        ("PAM", SEVARE),
        ("OIM", GAO),
        *("OCHA", "UNICEF", "UNFPA", "OIM", "DRC", "ASD", "JAM", "CRM", PROTECTION, GBV, CHILD),
        small=3,
    ),
    *_parts(Role.AGENCY_MANAGER, "HCR", "NRC", "PAM", "OIM", "UNICEF", "ASD", small=1),
    *_parts(Role.INTEGRITY_FOCAL_POINT, "HCR", "PAM", "NRC", "UNICEF", small=2),
    *_parts(Role.PROTECTION_FOCAL_POINT, "HCR", PROTECTION, GBV, CHILD, "ASD", small=2),
    *_parts(Role.SECURITY_FOCAL_POINT, "OCHA", "HCR", small=2),
    *_parts(Role.PSEA_INTAKE_OFFICER, "HCR", "NRC", LINE, small=2),
    *_parts(Role.PSEA_FOCAL_POINT, "PAM", "HCR", "NRC", "OIM", "UNICEF", small=2),
    Part("PAM", Role.PSEA_FOCAL_POINT, is_small=True, investigates=True),
    *_parts(Role.PSEA_COORDINATOR, "OCHA", "UNICEF", small=2),
    *_parts(Role.RECOVERY_CUSTODIAN, "CRM", "FONGIM", small=2),
    *_parts(Role.WORKPLAN_LEAD, "OCHA", "HCR", "UNICEF", "OIM", "FONGIM", PROTECTION, small=1),
    *_parts(Role.WORKING_GROUP, "OCHA", "CRM", small=1),
    *_parts(Role.OBSERVER, "FONGIM", small=1),
    *_parts(Role.ADMINISTRATOR, "OCHA", small=1),
    *_parts(Role.AUDITOR, "NRC", small=1),
]


def cast(*, small: bool = False) -> list[Part]:
    """The people wanted: all, or at least one of each role."""
    return [part for part in CAST if part.is_small] if small else CAST
