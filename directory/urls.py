"""Addresses of the directory and of its settings."""

from __future__ import annotations

from django.urls import path

from directory.views import (
    directory,
    home,
    intervention_files,
    interventions,
    people,
    proofs,
    settings,
    systems,
    witnesses,
)

app_name = "directory"
urlpatterns = [
    path("accueil/", home.home, name="home"),
    path("moi/", home.profile, name="profile"),
    path("moi/absence/", home.away, name="away"),
    path("moi/depart/", people.depart, name="depart"),
    path("directory/", directory.directory, name="directory"),
    path("directory/organisations/", directory.organisations, name="organisations"),
    path("directory/organisations/<int:pk>/", directory.organisation, name="organisation"),
    path("directory/5w/", interventions.interventions, name="interventions"),
    path("directory/5w/5W.csv", interventions.interventions_csv, name="interventions-csv"),
    path("directory/5w/5W.xlsx", interventions.interventions_xlsx, name="interventions-xlsx"),
    path("directory/5w/files/", intervention_files.files, name="intervention-files"),
    path("directory/5w/files/<uuid:pk>/", intervention_files.file, name="intervention-file"),
    path("directory/5w/files/<uuid:pk>/problems.csv", intervention_files.problems_csv, name="intervention-problems"),
    path("directory/5w/files/<uuid:pk>/absent/", intervention_files.absent, name="interventions-absent"),
    path("directory/services/new/", settings.service_form, name="service-new"),
    path("directory/services/<int:pk>/", settings.service_form, name="service"),
    path("directory/services/<int:pk>/confirm/", settings.service_confirm, name="service-confirm"),
    path("settings/", settings.settings_home, name="settings"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/invite/", people.invitation, name="invitation"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/people/<int:pk>/close/", people.close, name="person-close"),
    path("settings/people/<int:pk>/sign-out/", people.sign_out, name="person-sign-out"),
    path("settings/people/<int:pk>/forget-factors/", people.forget_factors, name="person-forget-factors"),
    path("settings/people/<int:pk>/reopen/", people.reopen, name="person-reopen"),
    path("settings/organisations/new/", settings.organisation_form, name="organisation-new"),
    path("settings/organisations/<int:pk>/", settings.organisation_form, name="organisation-edit"),
    path("settings/organisations/<int:organisation_pk>/offices/new/", settings.office_form, name="office-new"),
    path("settings/organisations/<int:organisation_pk>/offices/<int:pk>/", settings.office_form, name="office"),
    path("settings/organisations/<int:organisation_pk>/partners/new/", settings.partner_form, name="partner-new"),
    path("settings/organisations/<int:organisation_pk>/partners/<int:pk>/", settings.partner_form, name="partner"),
    path("settings/scopes/", settings.scopes, name="scopes"),
    path("settings/scopes/<slug:code>/", settings.scope_form, name="scope"),
    path("settings/tokens/", systems.tokens, name="tokens"),
    path("settings/tokens/<int:pk>/revoke/", systems.token_revoke, name="token-revoke"),
    path("settings/clients/", systems.clients, name="clients"),
    path("settings/clients/<int:pk>/revoke/", systems.client_revoke, name="client-revoke"),
    path("settings/temoins/", witnesses.witnesses, name="witnesses"),
    path("settings/temoins/<int:pk>/remove/", witnesses.witness_remove, name="witness-remove"),
    path("preuves/", proofs.proofs, name="proofs"),
    path("preuves/points.jsonl", proofs.points, name="proofs-points"),
    path("preuves/verify_audit.py", proofs.verifier, name="proofs-verifier"),
    path("settings/audit/", settings.audit_trail, name="audit"),
]
