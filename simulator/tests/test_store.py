import sqlite3

import pytest

from simulator.store import Store


@pytest.fixture
def store():
    made = Store(":memory:")
    yield made
    made.close()


def refused(store, change):
    with store.transaction():
        change()
        raise PermissionError


def test_what_was_refused_inside_a_greater_change_leaves_nothing_behind(store):
    with store.transaction():
        store.put("session", "a", {"n": 1})
        with pytest.raises(PermissionError):
            refused(store, lambda: store.put("session", "b", {"n": 2}))
    assert [name for name, _ in store.items("session")] == ["a"]


def test_a_change_that_fails_is_undone_as_a_whole_and_the_next_one_works(store):
    with pytest.raises(PermissionError):
        refused(store, lambda: store.put("session", "a", {}))
    with store.transaction():
        store.put("session", "b", {})
    assert [name for name, _ in store.items("session")] == ["b"]


def test_a_rehearsal_answers_and_undoes_even_what_was_committed_inside_it(store):
    with store.rehearsal():
        with store.transaction():
            store.put("session", "a", {})
        seen = store.item("session", "a")
    assert seen == {}
    assert store.item("session", "a") is None


def test_what_leaves_the_house_leaves_it_when_the_change_is_real_and_not_otherwise(store):
    sent = []
    with store.transaction():
        store.after_commit(lambda: sent.append("real"))
        with pytest.raises(PermissionError):
            refused(store, lambda: store.after_commit(lambda: sent.append("refused")))
        assert sent == []
    with store.rehearsal():
        store.after_commit(lambda: sent.append("rehearsed"))
    store.after_commit(lambda: sent.append("no change open"))
    assert sent == ["real", "no change open"]


def test_caches_are_told_of_everything_that_was_undone(store):
    told = []
    store.when_undone(lambda: told.append(1))
    with store.transaction():
        store.put("session", "a", {})
    assert told == []
    with store.rehearsal():
        store.put("session", "b", {})
    store.wipe()
    assert len(told) == 2


def test_a_nonce_is_used_once(store):
    assert store.use_nonce("n", 1.0)
    assert not store.use_nonce("n", 2.0)


def test_seats_are_never_sold_beyond_capacity_nor_given_back_twice(store):
    assert store.take_seats("SV1/2027-01-18/SXR", "Y", 3, 4)
    assert not store.take_seats("SV1/2027-01-18/SXR", "Y", 2, 4)
    assert store.sold("SV1/2027-01-18/SXR") == {"Y": 3}
    store.give_seats("SV1/2027-01-18/SXR", "Y", 3)
    with pytest.raises(sqlite3.IntegrityError):
        store.give_seats("SV1/2027-01-18/SXR", "Y", 1)


def test_the_truth_log_cannot_be_rewritten(store):
    store.log("now", "held", "ABCDEF", {})
    with pytest.raises(sqlite3.IntegrityError, match="only added to"):
        store._db.execute("UPDATE effects SET verb = 'voided'")


def test_numbers_are_never_drawn_again_even_after_everything_was_forgotten(store):
    assert [store.count("document.065"), store.count("document.065")] == [1, 2]
    store.wipe()
    assert store.count("document.065") == 3
