// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/answer_words.h"

#include "ui/format.h"

#include <QObject>

#include <array>

namespace stickyscope {

namespace {

QString nameOf(const LaneSnapshot& lane, ReplicaIndex replica)
{
    return fromCore(lane.cast->replicas[raw(replica)]);
}

QString whoAnswered(const LaneSnapshot& lane, const TrailCell& answer)
{
    const QString after = QObject::tr("after %1 ms").arg(inMilliseconds(answer.latency), 0, 'f', 1);
    if (answer.failed)
        return QObject::tr("It failed %1: %2.")
            .arg(after, fromCore(std::string(stickyscope::nameOf(answer.failure))));
    const QString who = answer.replica == noReplica
        ? QObject::tr("A server that does not name itself")
        : nameOf(lane, answer.replica);
    return QObject::tr("%1 answered %2, with status %3.").arg(who, after).arg(answer.status);
}

QString whatCookieCame(const LaneSnapshot& lane, const TrailCell& answer)
{
    return answer.pointsTo == noReplica
        ? QObject::tr("Its sticky cookie named no server that is known, or it had none.")
        : QObject::tr("Its sticky cookie named %1.").arg(nameOf(lane, answer.pointsTo));
}

// By Ledger.
QString whyThere(const TrailCell& answer)
{
    static const std::array<QString, ledgerKeys> reasons {
        QObject::tr("The cookie was valid: it was led to the server that the cookie names."),
        QObject::tr("It brought no sticky cookie: the algorithm placed it."),
        QObject::tr("The cookie names a server that is down: it was placed anew."),
        QObject::tr("The cookie names a server that is draining, and was honoured."),
        QObject::tr("The cookie names nobody: it was placed anew."),
        QObject::tr("The cookie had expired: it was placed anew."),
        QObject::tr("The cookie was read and not accepted: it was placed anew."),
        QObject::tr("It was placed by a hash, not by a cookie."),
        QObject::tr("It came by a connection that already had its server."),
        QObject::tr("It brought the cookie, and the server that had set it answered."),
        QObject::tr("It brought the cookie, and another server answered."),
        QObject::tr("Why it went there cannot be seen from here."),
    };
    return reasons.at(static_cast<std::size_t>(answer.ledger));
}

// By CookieOut.
QString whatCookieWent(const TrailCell& answer)
{
    static const std::array<QString, cookieOutStates> fates {
        QObject::tr("The answer set no sticky cookie."),
        QObject::tr("The answer set a sticky cookie."),
        QObject::tr("The answer set the same sticky cookie again."),
        QObject::tr("The answer replaced the sticky cookie."),
        QObject::tr("The answer deleted the sticky cookie."),
        QObject::tr("The answer set no sticky cookie of the balancer's own."),
        QObject::tr("The answer set several sticky cookies of one name."),
        QObject::tr("The answer set a sticky cookie that the client does not keep."),
    };
    return fates.at(static_cast<std::size_t>(answer.cookieOut));
}

} // namespace

QStringList aboutAnswer(const LaneSnapshot& lane, const TrailCell& answer)
{
    QStringList sentences {whoAnswered(lane, answer), whatCookieCame(lane, answer)};
    if (!answer.failed)
        sentences << whyThere(answer) << whatCookieWent(answer);
    if (answer.broken)
        sentences << QObject::tr("That server did not know its session: the session was broken.");
    if (raw(answer.rule) < lane.rules.size() && !lane.rules[raw(answer.rule)].empty())
        sentences << QObject::tr("The record says: %1").arg(fromCore(lane.rules[raw(answer.rule)]));
    return sentences;
}

} // namespace stickyscope
