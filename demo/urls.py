"""Addresses of the demonstration only."""

from __future__ import annotations

from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [
    path("", views.tour, name="tour"),
    path("phone/", views.phone, name="phone"),
    path("phone/thread/", views.thread, name="thread"),
]
