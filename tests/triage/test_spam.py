"""Spam, and people who merely sound a little like it."""

from __future__ import annotations

import pytest

from bot.triage.spam import looks_like_spam


@pytest.mark.parametrize(
    "text",
    [
        "Dr Ade cured me of MS with herbs, whatsapp him +234 803 123 4567",
        "I was healed from multiple sclerosis by doctor Odion herbal medicine, email him drodion@example.com",
        "My testimony: I had MS for 10 years, Dr. Lucky herbs cured me totally",
        "Join our t.me/curems channel for natural cure of MS 100% guaranteed",
        "natural herbs reversed my MS, text me on +1 (555) 123-4567",
        "Earn $5000 weekly trading bitcoin, DM me",
        "I made $20k in two weeks with forex expert Mrs Anna",
        "We offer personal loans at 2% interest, whatsapp +44 7700 900123",
        "Your account will be suspended, please verify your bank details",
        "my aunt was in a wheelchair for eleven long years until somebody in church gave us the potion of baba Keke, she is walking, text him",
        "root doctor cured me of lupus, ring plus three four nine one double two five five six",
        "help us with any gift card, my son needs his operation",
        "send it by western union, she is stuck in Panama",
        "donations to 0x51c2ab77d9e4, thank you",
        "only 3 places left, pay the deposit before Sunday",
        "casino bonus, click here www.example.net/x",
        "Great post! Your website is wonderful, I have bookmarked it and will share it with my readers",
        "I must spend a while learning more. Thanks for excellent information I was on the lookout for this information for my mission.",
    ],
)
def test_spam_is_recognised(text: str) -> None:
    assert looks_like_spam(text)


@pytest.mark.parametrize(
    "text",
    [
        "is this WhatsApp clinic a scam? they want a deposit by crypto",
        "someone told me dr x can cure ms with herbs, is it true",
        "HSCT cured me of my relapses, ask me anything",
        "Thank you for the excellent information, very helpful",
        "this website is great, is there a page on costs",
        "is there a whatsapp group",
        "the clinic wants me to pay by western union, is that normal",
        "there are only 3 beds on the ward",
        "my grandson gave me a gift card for the bookshop",
        "my email is anna@example.com, can someone contact me about the trial",
        "see https://www.mssociety.org.uk for details on HSCT",
        "should I get a loan for the treatment",
        "call me if you want to talk, I had hsct in Mexico",
        "Dr Burt's study, where can I read it",
        "it is a postcode lottery who gets hsct on the nhs",
        "My symptoms have disappeared since HSCT",
    ],
)
def test_members_are_not_taken_for_spammers(text: str) -> None:
    assert looks_like_spam(text) is None
