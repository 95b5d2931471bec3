"""Addresses of one's own tokens, and of what they open: the API."""

from django.urls import path

from tolok.api.v1 import api
from tolok.web.tokens.view import end, tokens

urlpatterns = [
    path("tokens/", tokens, name="tokens"),
    path("tokens/<int:token_id>/end/", end, name="tokens-end"),
    path("api/v1/", api.urls),
]
