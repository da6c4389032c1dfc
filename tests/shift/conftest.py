from tests.support.housing import front, house, phones

__all__ = ["front", "house", "phones"]
