"""What can be undone and done again, whatever the steps are made of."""

from desktop.domain.steps import Step, Steps


def _step(name: str) -> Step[int]:
    return Step(name, undo=(1,), redo=(2,))


def test_steps_are_taken_back_from_the_newest_on() -> None:
    """What was undone is the next to be done again, until something new is done."""
    steps: Steps[int] = Steps()
    for name in "abc":
        steps.add(_step(name))
    steps.undone()
    steps.undone()
    assert (steps.undoable, steps.redoable) == (_step("a"), _step("b"))
    steps.redone()
    assert (steps.undoable, steps.redoable) == (_step("b"), _step("c"))
    steps.add(_step("d"))
    assert (steps.undoable, steps.redoable) == (_step("d"), None)


def test_the_oldest_steps_are_forgotten() -> None:
    """At least fifty are kept."""
    steps: Steps[int] = Steps(limit=50)
    for number in range(80):
        steps.add(_step(str(number)))
    names = []
    while steps.undoable is not None:
        names.append(steps.undoable.name)
        steps.undone()
    assert names == [str(number) for number in range(79, 29, -1)]


def test_what_cannot_be_done_any_more_is_dropped() -> None:
    """The step before it comes next."""
    steps: Steps[int] = Steps()
    for name in "abc":
        steps.add(_step(name))
    steps.undone()
    steps.drop_redoable()
    steps.drop_undoable()
    assert (steps.undoable, steps.redoable) == (_step("a"), None)


def test_a_step_may_be_kept_as_it_was_found() -> None:
    """What doing it again takes is known only when it has been undone."""
    steps: Steps[int] = Steps()
    steps.add(_step("a"))
    steps.undone(Step("a", undo=(1,), redo=(7,)))
    assert steps.redoable == Step("a", undo=(1,), redo=(7,))
    steps.redone(Step("a", undo=(8,), redo=()))
    assert steps.undoable == Step("a", undo=(8,), redo=())


def _undone(steps: Steps[int]) -> Step[int] | None:
    """Undo a step and return it; None where there is none left."""
    step = steps.undoable
    if step is not None:
        steps.undone()
    return step


def test_a_step_is_lifted_past_those_that_let_it_pass() -> None:
    """It is the next to be undone then, and the others keep their order."""
    steps: Steps[int] = Steps()
    for number, name in enumerate("abc", 1):
        steps.add(Step(name, undo=(), redo=(), number=number))
    assert not steps.lift(1, lambda _step, later: later.name != "c")
    assert steps.undoable == Step("c", undo=(), redo=(), number=3)
    assert steps.lift(1, lambda step, later: (step.name, later.name) in (("a", "b"), ("a", "c")))
    names = [undone.name for undone in iter(lambda: _undone(steps), None)]
    assert (names, steps.knows(1)) == (["a", "c", "b"], False)


def test_what_is_left_of_a_step_takes_its_place() -> None:
    """As where a disk was full on the way, whichever way that was."""
    steps: Steps[int] = Steps()
    steps.add(_step("a"))
    steps.keep_undoable(Step("a", undo=(3,), redo=(4,)))
    assert steps.undoable == Step("a", undo=(3,), redo=(4,))
    steps.undone()
    steps.keep_redoable(_step("a"))
    assert steps.redoable == _step("a")
