"""What all tests of object stores share."""

import os

import pytest
import world
from store import Store


@pytest.fixture(scope="session")
def store():
    """A store of its own, on a port of its own, which every program that is started is told of."""
    store = Store()
    os.environ.update(store.environment())
    yield store
    store.stop()


@pytest.fixture(scope="session")
def platform():
    return world.Platform()
