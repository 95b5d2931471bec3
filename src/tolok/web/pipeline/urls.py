"""Addresses of the pipeline."""

from django.urls import path

from tolok.web.pipeline.board import board
from tolok.web.pipeline.changes import changes
from tolok.web.pipeline.deal import deal
from tolok.web.pipeline.saved import delete, save
from tolok.web.pipeline.view import pipeline

urlpatterns = [
    path("pipeline/", pipeline, name="pipeline"),
    path("pipeline/board/", board, name="pipeline-board"),
    path("pipeline/changes/", changes, name="pipeline-changes"),
    path("pipeline/deals/<path:deal_id>/", deal, name="pipeline-deal"),
    path("pipeline/views/", save, name="pipeline-save"),
    path("pipeline/views/<int:view_id>/delete/", delete, name="pipeline-forget"),
]
