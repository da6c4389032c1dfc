from tests.campaigns.sender import conftest as sending
from tests.support import housing

front, phones, house = housing.front, housing.phones, housing.house
daytime = sending.daytime
