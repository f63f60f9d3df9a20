// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/explanation_text.h"

#include "sim/formats/time_text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace stickyscope {

namespace {

std::string seconds(Instant at)
{
    std::array<char, 32> text {};
    std::snprintf(text.data(), text.size(), "%.3f s", inSeconds(at.time_since_epoch()));
    return text.data();
}

std::string milliseconds(Duration time)
{
    std::array<char, 32> text {};
    std::snprintf(text.data(), text.size(), "%.0f ms", inSeconds(time) * 1000);
    return text.data();
}

std::string withLabel(std::string_view label, std::string_view text)
{
    std::string line = "  " + std::string(label);
    line.resize(13, ' ');
    return line + std::string(text) + "\n";
}

// "Set-Cookie: ...", a line each.
std::string cookiesOf(const std::string& fields)
{
    std::string text;
    std::size_t begin = 0;
    while (begin < fields.size()) {
        const auto end = std::min(fields.find('\n', begin), fields.size());
        text += withLabel("", "Set-Cookie: " + fields.substr(begin, end - begin));
        begin = end + 1;
    }
    return text;
}

std::string cameIn(const Explanation& explained)
{
    const std::string session =
        explained.namedSession.empty() ? "" : withLabel("", explained.namedSession);
    if (explained.cookie.empty())
        return withLabel("came in", "no cookie") + session;
    std::string text = withLabel("came in", "Cookie: " + explained.cookie) + session;
    if (!explained.levels.empty())
        return text; // whose it is stands with each balancer
    const std::string state(nameOf(explained.cookieIn));
    if (explained.cookieIn != CookieIn::none)
        text += withLabel("",
                          explained.pointsTo.empty()
                              ? "which is " + state
                              : "which is " + state + ", and names " + explained.pointsTo);
    return text;
}

std::string titleOf(const ExplainedLevel& level)
{
    return (level.balancer.empty() ? "the balancer in front" : level.balancer) + ", "
        + level.product + ", " + level.algorithm;
}

// Which of the cookies that came in is this balancer's, and what it names.
std::string cookieAt(const ExplainedLevel& level)
{
    if (level.cookie.empty())
        return "It has no sticky cookie of its own.";
    if (!level.carried)
        return "Its sticky cookie " + level.cookie + " did not come in.";
    std::string text = "Its sticky cookie " + level.cookie + " came in, and is "
        + std::string(nameOf(level.cookieIn));
    if (level.cookieIn == CookieIn::none)
        text = "Its sticky cookie " + level.cookie + " came in, and says nothing to it";
    return text + (level.names.empty() ? "." : ": it names " + level.names + ".");
}

std::string attemptText(const ExplainedAttempt& attempt)
{
    const std::string where =
        attempt.replica.empty() ? "it answers itself" : "to " + attempt.replica;
    std::string text = withLabel(seconds(attempt.at), where + ". " + attempt.rule);
    if (!attempt.source.empty())
        text += withLabel("", "(" + attempt.source + ")");
    return text;
}

// Each balancer on its way: which cookie it reads, and where it passes the request on to.
std::string wayOf(const Explanation& explained)
{
    std::string text;
    for (const ExplainedLevel& level : explained.levels) {
        text += withLabel("balancer", titleOf(level)) + withLabel("", cookieAt(level));
        if (&level != &explained.levels.back())
            text += attemptText(level.attempt);
    }
    return text;
}

std::string othersHeadline(const Explanation& explained)
{
    if (explained.levels.empty())
        return "\nThe same request, in the same state of the servers, at the others as they "
               "begin:\n";
    const ExplainedLevel& level = explained.levels[explained.level];
    return "\nThe same request, in the same state of the servers, at the others in the place of "
        + (level.balancer.empty() ? std::string("the balancer in front") : level.balancer)
        + (level.serversAreBalancers ? ", whose servers are balancers, as they begin:\n"
                                     : " as they begin:\n");
}

std::string wentOut(const Explanation& explained)
{
    if (!explained.ended)
        return withLabel("went out", "nothing yet when the scenario ended");
    std::string text =
        withLabel("went out",
                  std::to_string(explained.status) + " after " + milliseconds(explained.latency)
                      + (explained.failure == Failure::none ? std::string()
                                                            : ", the balancer's own ("
                                 + std::string(nameOf(explained.failure)) + ")"));
    text += explained.setCookie.empty() ? withLabel("", "no Set-Cookie")
                                        : cookiesOf(explained.setCookie);
    if (!explained.kept.empty())
        text += withLabel("the client", explained.kept);
    if (explained.session == SessionMark::broken)
        text += withLabel("", "and its session was not there: it is broken");
    if (explained.session == SessionMark::met)
        text += withLabel("", "and its session was there");
    return text;
}

std::string sentenceOf(const Verdict& answer)
{
    std::string where = "sends it to " + answer.replica;
    if (answer.replica.empty())
        where = answer.status == 0 ? "gives no answer" : "answers " + std::to_string(answer.status);
    std::string failed;
    for (const std::string& name : answer.failed)
        failed.append(failed.empty() ? "tries " : ", ").append(name);
    if (!failed.empty())
        failed += " in vain, and ";
    return failed + where + ". " + answer.rule + " (" + answer.source + ")";
}

std::string answerOf(const ProductAnswer& answer, const std::string& bound)
{
    std::string text = "  " + answer.product + "\n";
    text += withLabel("", sentenceOf(answer)) + cookiesOf(answer.setCookie);
    if (answer.bound)
        text +=
            withLabel("", "With its own cookie for " + bound + " it " + sentenceOf(*answer.bound))
            + cookiesOf(answer.bound->setCookie);
    return text;
}

} // namespace

std::string explanationText(const Explanation& explained)
{
    std::string text = "Lane " + explained.lane + ": request "
        + std::to_string(explained.ordinal + 1) + " of " + explained.client + ", sent at "
        + seconds(explained.sentAt) + " to " + explained.url + "\n";
    text += cameIn(explained);
    if (explained.levels.empty())
        text += withLabel("balancer",
                          (explained.balancer.empty() ? "" : explained.balancer + ": ")
                              + explained.product + ", " + explained.algorithm);
    text += wayOf(explained);
    for (const ExplainedAttempt& attempt : explained.attempts)
        text += attemptText(attempt);
    text += wentOut(explained);
    text += othersHeadline(explained);
    for (const ProductAnswer& answer : explained.others)
        text += answerOf(answer, explained.boundTo);
    return text;
}

} // namespace stickyscope
