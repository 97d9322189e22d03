from directory.models.credential import ApiClient, ApiToken
from directory.models.duty import DutyOfficer, DutySwap, DutyWeek
from directory.models.idempotent_call import IdempotentCall
from directory.models.intervention import (
    Intervention,
    InterventionContent,
    InterventionFile,
    OrganisationSpelling,
)
from directory.models.notice import StaffNotice
from directory.models.organisation import Office, Organisation
from directory.models.partner import PartnerLink
from directory.models.person import User, UserRole
from directory.models.place import LaterPlace, Place, PlaceCrosswalk, Scope
from directory.models.service import Service
from directory.models.witness import Witness

__all__ = [
    "ApiClient",
    "ApiToken",
    "DutyOfficer",
    "DutySwap",
    "DutyWeek",
    "IdempotentCall",
    "Intervention",
    "InterventionContent",
    "InterventionFile",
    "LaterPlace",
    "Office",
    "Organisation",
    "OrganisationSpelling",
    "PartnerLink",
    "Place",
    "PlaceCrosswalk",
    "Scope",
    "Service",
    "StaffNotice",
    "User",
    "UserRole",
    "Witness",
]
