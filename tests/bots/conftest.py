"""The house and its phones, for every test of the bots that asks for them."""

from tests.support import housing

front, phones, house, quiet = housing.front, housing.phones, housing.house, housing.quiet
