import pytest

from simulator.faults import BadFault, FaultBook


def hits(book, many, step="amadeus.issue", name="reset"):
    return [number for number in range(1, many + 1) if book.armed(step, name)]


def test_a_fault_hits_once_unless_told_otherwise():
    book = FaultBook()
    fault = book.add({"name": "reset", "step": "amadeus.issue"})
    assert hits(book, 5) == [1]
    assert (fault.seen, fault.hits) == (5, 1)


def test_a_fault_leaves_the_first_requests_alone_and_hits_so_many_times():
    book = FaultBook()
    book.add({"name": "reset", "step": "amadeus.issue", "skip": 2, "times": 3})
    assert hits(book, 8) == [3, 4, 5]


def test_a_fault_without_end_hits_every_time_until_it_is_removed():
    book = FaultBook()
    fault = book.add({"name": "reset", "step": "amadeus.*", "times": None})
    assert hits(book, 3) == [1, 2, 3]
    assert book.remove(fault.id)
    assert not book.remove(fault.id)
    assert hits(book, 3) == []


def test_a_random_fault_hits_the_same_requests_for_the_same_seed():
    def drawn(seed, **more):
        book = FaultBook()
        book.add({"name": "reset", "step": "*", "times": None, "probability": 0.3, "seed": seed, **more})
        return hits(book, 200)

    assert drawn(7) == drawn(7) != drawn(8)
    assert 30 < len(drawn(7)) < 90
    assert drawn(7, skip=10) == [number for number in drawn(7) if number > 10]
    assert drawn(7, times=4) == drawn(7)[:4]


def test_a_fault_of_another_step_or_name_neither_hits_nor_counts():
    book = FaultBook()
    fault = book.add({"name": "reset", "step": "amadeus.issue"})
    assert hits(book, 2, step="amadeus.void") == []
    assert hits(book, 2, name="simultaneous_change") == []
    assert fault.seen == 0


def test_of_two_faults_the_older_hits_first_and_the_younger_is_not_counted():
    book = FaultBook()
    first = book.add({"name": "reset", "step": "amadeus.issue"})
    second = book.add({"name": "html_502", "step": "*"})
    assert [book.transport("amadeus.issue").id for _ in range(2)] == [first.id, second.id]
    assert second.seen == 1
    assert book.transport("amadeus.issue") is None


def test_a_business_fault_is_none_of_the_networks():
    book = FaultBook()
    book.add({"name": "simultaneous_change", "step": "*"})
    assert book.transport("amadeus.end") is None
    assert book.armed("amadeus.end", "simultaneous_change")


def test_a_fault_of_a_step_that_does_not_exist_is_refused_with_those_that_do():
    book = FaultBook(frozenset({"amadeus.issue", "duffel.pay", "none"}))
    for wrong in ("amadeus.isue", "AMADEUS.ISSUE", "sabre.*", "pay"):
        with pytest.raises(BadFault, match=r"there are amadeus\.issue, duffel\.pay, none, and now"):
            book.add({"name": "reset", "step": wrong})
    assert book.listed() == []
    for right in ("amadeus.issue", "amadeus.*", "*.pay", "*", "none"):
        book.add({"name": "reset", "step": right})
    book.add({"name": "connect_refused", "step": "now"})
    assert len(book.listed()) == 6


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"name": "earthquake", "step": "*"}, "no fault 'earthquake'"),
        ({"name": "reset"}, "needs a step"),
        ({"name": "reset", "step": "*", "when": "during"}, "before"),
        ({"name": "reset", "step": "*", "times": 0}, "times"),
        ({"name": "reset", "step": "*", "times": True}, "times"),
        ({"name": "reset", "step": "*", "probability": 2}, "probability"),
        ({"name": "reset", "step": "*", "seed": "x"}, "seed"),
        ({"name": "reset", "step": "*", "skip": -1}, "skip"),
        ({"name": "reset", "step": "*", "params": []}, "params"),
        ({"name": "read_timeout", "step": "*", "params": {"seconds": "long"}}, "seconds"),
        ({"name": ["reset"], "step": "*"}, "no fault"),
        ({"name": "price_changed", "step": "*", "params": {"percent": "ten"}}, "percent"),
        ({"name": "price_changed", "step": "*", "params": {"percent": -91}}, "percent"),
        ({"name": "segment_cancelled", "step": "*", "params": {"tattoo": "1"}}, "tattoo"),
        ({"name": "issue_refused", "step": "*", "params": {"code": 8100}}, "code"),
        ({"name": "issue_refused", "step": "*", "params": {"words": "NO"}}, "no parameter 'words'"),
        ({"name": "reset", "step": "*", "often": 2}, "often"),
        ({"name": "reset", "step": "now"}, "connect_refused"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_in_a_sentence(asked, said):
    book = FaultBook()
    with pytest.raises(BadFault, match=said):
        book.add(asked)
    assert book.listed() == []
