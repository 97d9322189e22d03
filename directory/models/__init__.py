from directory.models.credential import ApiToken
from directory.models.intervention import (
    Intervention,
    InterventionContent,
    InterventionFile,
    OrganisationSpelling,
)
from directory.models.organisation import Office, Organisation
from directory.models.partner import PartnerLink
from directory.models.person import User, UserRole
from directory.models.place import Place, Scope
from directory.models.service import Service

__all__ = [
    "ApiToken",
    "Intervention",
    "InterventionContent",
    "InterventionFile",
    "Office",
    "Organisation",
    "OrganisationSpelling",
    "PartnerLink",
    "Place",
    "Scope",
    "Service",
    "User",
    "UserRole",
]
