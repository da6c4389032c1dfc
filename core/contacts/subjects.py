"""What news is about: the programmes of the ministry. Who agreed to news gets all of these but what they stopped."""

from typing import Literal, get_args

Subject = Literal["job_scams", "anti_violence", "family", "elderly", "welfare"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
