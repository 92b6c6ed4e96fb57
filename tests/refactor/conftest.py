"""No deadlines: a busy machine must not fail a property."""

from hypothesis import settings

settings.register_profile("celeryls", deadline=None)
settings.load_profile("celeryls")
