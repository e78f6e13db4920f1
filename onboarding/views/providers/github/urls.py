from allauth.socialaccount.providers.github.views import oauth2_callback
from django.urls import path

urlpatterns = [path("github/login/callback/", oauth2_callback, name="github_callback")]
