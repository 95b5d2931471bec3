"""Engines stay open and answers are remembered; nobody is told what is no longer so."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from tolok.query.answer import Answer
from tolok.query.question import Filter, Question, Viewer
from tolok.query.remembered import Answers, as_key, figures
from tolok.store.connection import Limits
from tolok.store.readers import Readers
from tolok.store.snapshots import Snapshots
from tolok.workspace import Workspace, open_workspace

MONTHS = Question(("deals_won", "won_amount"), "month", date(2025, 1, 1), date(2025, 6, 30))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Twelve deals a month, won by two reps in turn, each deal of a hundred."""
    (tmp_path / "tolok.toml").write_text('name = "Shop"\ncurrency = "USD"\n', encoding="utf-8")
    publish(tmp_path, 100)
    return open_workspace(tmp_path)


def publish(folder: Path, amount: int) -> None:
    with Snapshots(folder / "facts").write() as draft:
        draft.put("reps", "SELECT 'r' || i AS id, 'Rep ' || i AS name FROM range(2) AS t(i)")
        draft.put(
            "deals",
            f"""SELECT 'd' || i AS id, 'Deal ' || i AS name, 'r' || i % 2 AS owner_id, {amount} AS amount,
            'USD' AS currency, 'won' AS status, DATE '2025-01-01' AS created_on,
            DATE '2025-01-05' + INTERVAL (i % 6) MONTH AS closed_on FROM range(72) AS t(i)""",
        )
        draft.publish("import")


def figures_of(answer: Answer) -> list[tuple[object, ...]]:
    return [(row.kpi, row.period.start, *row.members.values(), row.value) for row in answer.rows()]


def won(answer: Answer) -> float | None:
    return next(row.value for row in answer.rows() if row.kpi == "won_amount")


def test_the_same_question_is_answered_once(workspace: Workspace) -> None:
    first = workspace.answer(MONTHS)
    again = workspace.answer(MONTHS)
    assert again.results is first.results
    assert won(again) == 1200


def test_the_next_question_sees_what_was_published_since(workspace: Workspace) -> None:
    assert won(workspace.answer(MONTHS)) == 1200
    publish(workspace.folder, 250)
    assert won(workspace.answer(MONTHS)) == 3000
    assert won(workspace.answer(Question(("won_amount",), "month", MONTHS.start, MONTHS.end))) == 3000


def test_a_rewritten_snapshot_is_asked_anew_although_its_id_is_the_same(workspace: Workspace) -> None:
    assert len(workspace.ask("deals_won", by="rep").members) == 2
    before = workspace.snapshot().id
    workspace.snapshots.rewrite(
        lambda fact, relation: f"SELECT * REPLACE ('Nobody' AS name) FROM {relation}" if fact.name == "reps" else None,
        {"forgot": "a person"},
    )
    assert workspace.snapshot().id == before
    assert {name for (name,) in workspace.ask("deals_won", by="rep").members} == {"Nobody"}
    assert {rep.name for rep in workspace.organisation(date(2025, 6, 30)).reps.values()} == {"Nobody"}


def test_another_viewer_filter_variant_or_period_is_another_question() -> None:
    asked = Question(("win_rate",), where=(Filter("rep", ("Rep 1",)),), viewer=Viewer("a", frozenset({"r1"})))
    others = [
        Question(("win_rate",), where=(Filter("rep", ("Rep 1",)),), viewer=Viewer("a", frozenset({"r2"}))),
        Question(("win_rate",), where=(Filter("rep", ("Rep 1",), exclude=True),), viewer=asked.viewer),
        Question(("win_rate",), where=asked.where),
        Question(("win_rate",), where=asked.where, viewer=asked.viewer, variant="by_value"),
        Question(("win_rate",), where=asked.where, viewer=asked.viewer, rolling_days=30),
        Question(("win_rate",), where=asked.where, viewer=asked.viewer, end=date(2025, 1, 1)),
    ]
    assert len({as_key(asked), *map(as_key, others)}) == 7
    assert hash(as_key(Question(["win_rate"], by=["rep"]))) == hash(as_key(Question(("win_rate",), by=("rep",))))  # type: ignore[arg-type]


def test_each_viewer_is_answered_for_themselves(workspace: Workspace) -> None:
    whole = workspace.ask("deals_won")
    own = workspace.ask("deals_won", viewer=Viewer("one", frozenset({"r0"})))
    other = workspace.ask("deals_won", viewer=Viewer("one", frozenset()))
    assert [answer.value() for answer in (whole, own, other)] == [72, 36, 0]


def test_threads_share_one_workspace_and_get_the_answers_of_one_alone(workspace: Workspace) -> None:
    questions = [
        Question((kpi,), grain, MONTHS.start, MONTHS.end, by, compare=compare)  # type: ignore[arg-type]
        for kpi in ("deals_won", "won_amount", "average_deal_size", "sales_cycle_length")
        for grain in ("month", "total")
        for by in ((), ("rep",))
        for compare in ("", "previous")
    ]
    alone = [figures_of(open_workspace(workspace.folder).answer(question)) for question in questions[:8]]
    together = threading.Barrier(8)

    def ask(number: int) -> list[list[tuple[object, ...]]]:
        together.wait()
        turned = questions[number % 3 :] + questions[: number % 3]
        found = {as_key(question): figures_of(workspace.answer(question)) for question in turned}
        return [found[as_key(question)] for question in questions]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][:8] == alone


def test_publishing_while_threads_ask_shows_the_old_figures_or_the_new(workspace: Workspace) -> None:
    seen: list[float | None] = []
    done = threading.Event()

    def ask(number: int) -> None:
        while not done.is_set():
            seen.append(won(workspace.ask("won_amount", "deals_won", grain="month", start=date(2025, 1, 1))))
            seen.append(won(workspace.ask("won_amount", grain="month", end=date(2025, 6, number))))

    threads = [threading.Thread(target=ask, args=(number,)) for number in (20, 25)]
    for thread in threads:
        thread.start()
    for amount in (200, 300, 400):
        publish(workspace.folder, amount)
    done.set()
    for thread in threads:
        thread.join()
    assert set(seen) <= {1200, 2400, 3600, 4800}
    assert won(workspace.answer(MONTHS)) == 4800


def test_the_statement_of_a_remembered_answer_is_the_one_that_was_run(workspace: Workspace) -> None:
    first = workspace.answer(MONTHS).sql
    assert "deals" in first
    assert workspace.answer(MONTHS).sql == first


def test_a_remembered_answer_cannot_be_changed(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="read-only"):
        workspace.answer(MONTHS).results[0].value[0, 0] = 1
    workspace.answer(MONTHS).extra["seen"] = True
    assert workspace.answer(MONTHS).extra == {}


def test_an_engine_closes_only_after_the_last_question_to_it(workspace: Workspace) -> None:
    readers, limits = Readers(held=1), Limits()
    old = workspace.snapshot()
    with readers.reading(old, limits) as engine, readers.reading(old, limits) as same:
        assert same is engine
        publish(workspace.folder, 1)
        with readers.reading(workspace.snapshot(), limits) as newer:
            assert newer is not engine
        assert engine.coverage.has("deals")
        assert list(engine.batches("deals", 100))
    with pytest.raises(Exception, match="closed"):
        list(engine.batches("reps", 100))


def test_what_was_not_asked_for_longest_is_forgotten_first(workspace: Workspace) -> None:
    answer = workspace.answer(MONTHS)
    held = Answers(10 * figures(answer))
    for number in range(11):
        held.keep(number, answer)
        held.get(0)
    assert len(held) == 10
    assert held.get(0) is not None
    assert held.get(1) is None
    too_big = Answers(5)
    too_big.keep(0, answer)
    assert len(too_big) == 0


def test_a_dimension_that_a_mapping_names_is_known_as_soon_as_it_is_written(workspace: Workspace) -> None:
    folder = workspace.folder / "mappings"
    folder.mkdir()
    path = folder / "shop.toml"
    table = '[[table]]\nname = "deals"\nfact = "deals"\n'
    path.write_text('connection = "shop"\n\n' + table, encoding="utf-8")
    assert workspace._extra_dimensions() == {}
    path.write_text('connection = "shop"\n\n' + table + 'dimensions = ["Colour"]\n', encoding="utf-8")
    assert workspace._extra_dimensions() == {"deals": {"Colour": "Colour"}}


def test_who_asks_the_same_at_once_waits_for_one_answer(workspace: Workspace) -> None:
    answer, held = workspace.answer(MONTHS), Answers()
    asked, go = [], threading.Event()

    def find() -> Answer:
        asked.append(1)
        go.wait(5)
        return answer

    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(held.once, "key", find) for _ in range(6)]
        go.set()
        assert all(one.result(5) is answer for one in waiting)
    assert len(asked) == 1


def test_who_waited_for_an_answer_that_failed_asks_again(workspace: Workspace) -> None:
    answer, held, begun, fail = workspace.answer(MONTHS), Answers(), threading.Event(), threading.Event()

    def fails() -> Answer:
        begun.set()
        fail.wait(5)
        raise OSError("the disk is gone")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(held.once, "key", fails)
        assert begun.wait(5)
        second = pool.submit(held.once, "key", lambda: answer)
        fail.set()
        with pytest.raises(OSError, match="disk is gone"):
            first.result(5)
        assert second.result(5) is answer
