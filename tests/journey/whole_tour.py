"""The stretches of the tour, all of them. Each starts anew, so that any may be walked alone."""

from tests.journey import tour, tour_accounts, tour_colleagues, tour_desk, tour_people

STRETCHES = (
    *tour.STRETCHES,
    *tour_accounts.STRETCHES,
    *tour_people.STRETCHES,
    *tour_colleagues.STRETCHES,
    *tour_desk.STRETCHES,
)
