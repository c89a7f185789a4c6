import pytest

from gentie.catalogue.sources import LegalSource, Standing, legal_sources

SOURCES = legal_sources().values()


@pytest.mark.clause("2017-1")
@pytest.mark.parametrize("source", SOURCES, ids=lambda one: one.id)
def test_what_a_source_is_and_its_dates_agree(source: LegalSource) -> None:
    dates = (source.valid_from is not None, source.valid_to is not None)

    assert (
        dates
        == {
            Standing.IN_FORCE: (True, False),
            Standing.HISTORIC: (True, True),
            Standing.NEVER: (False, False),
        }[source.status]
    )


def test_the_three_texts_of_the_catalogue_are_told_apart() -> None:
    standing = {one.id: one.status for one in SOURCES if one.id.startswith("comments-")}

    assert standing == {
        "comments-2017": Standing.HISTORIC,
        "comments-2022-draft": Standing.NEVER,
        "comments-2022": Standing.IN_FORCE,
    }
    assert legal_sources()["comments-2017"].valid_to == legal_sources()["comments-2022"].valid_from
