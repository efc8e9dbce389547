"""People who are nobody, for the demo's tests: from Faker, with a fixed seed."""

from __future__ import annotations

from faker import Faker

from revivatui.crm.demo import DemoPerson
from revivatui.crm.wishes import ExternalKey


def make_people(count: int, seed: int = 7) -> list[DemoPerson]:
    faker = Faker(["en_GB", "pt_PT"])
    faker.seed_instance(seed)
    return [
        DemoPerson(
            name=faker.name(),
            email=f"customer.{number}@example.com" if number % 5 else "",
            phone=f"+447700900{number % 1000:03d}" if number < 1000 else "",
            language="pt" if number % 3 == 0 else "en",
            company_name=faker.company() if number % 8 == 0 else "",
            external=ExternalKey("chatwoot", "desk.example.com/1", "customer", str(number)),
        )
        for number in range(count)
    ]


def make_staff(count: int = 4) -> list[str]:
    faker = Faker("en_GB")
    faker.seed_instance(11)
    return [faker.name() for _ in range(count)]
