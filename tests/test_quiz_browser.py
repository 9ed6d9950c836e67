"""The quiz in a real browser: keys, several right answers, and text that stays text."""

import re


def test_the_quiz_is_answered_with_the_keyboard(show, quiz):
    page = show([quiz])
    first = page.get_by_role("group", name=re.compile("Question 1 of 2"))
    first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past the scrollable code
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert first.get_by_role("status").inner_text() == "Not quite. Read why below each answer."
    assert first.locator(".sbw-why").all_inner_texts() == [
        "Right: 0.025 s times 8000 a second.",
        "Wrong: That is 10 ms.",
    ]
    page.keyboard.press("Enter")
    assert not first.locator(".sbw-why").first.is_visible()
    first.get_by_label("200 samples").check()
    first.get_by_role("button").click()
    assert first.get_by_role("status").inner_text() == "Right."
    assert page.locator(".sbw-score").inner_text() == "1 right of 1 answered, 2 in all"


def test_several_right_answers_and_starting_again(show, quiz):
    page = show([quiz])
    second = page.get_by_role("group", name=re.compile("Question 2 of 2"))
    check = second.get_by_role("button")
    check.click()
    assert second.get_by_role("status").inner_text() == "Choose an answer first."
    second.get_by_label("Slaney").check()
    check.click()
    assert second.get_by_role("status").inner_text().startswith("Not quite")
    check.click()
    second.get_by_label("Slaney").check()
    second.get_by_label("HTK").check()
    check.click()
    assert second.get_by_role("status").inner_text() == "Right."
    page.get_by_role("button", name="Start again").click()
    assert page.locator(".sbw-score").inner_text() == "2 questions"
    assert not second.get_by_label("HTK").is_checked()


def test_html_in_a_quiz_stays_text(show, quiz):
    page = show([quiz])
    assert page.get_by_text("<b>80</b> samples").is_visible()
    assert page.locator(".sbw b").count() == 0
    assert page.locator(".sbw legend code").inner_text() == "win_length"
