// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/body_patience.h"
#include "sim/lab/proxy_core.h"
#include "sim/lab/proxy_door.h"
#include "sim/lab/replica_link.h"

#include <QTimer>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::lab {

/// One connection from a client, with the request that is under way on it: read, placed by the
/// dispatcher, sent on, tried again where the product says so, answered. Bodies stream both ways,
/// no faster than the other side takes them. Requests that come meanwhile wait their turn unread.
class ProxyClient : public wire::Stream::Owner, private ReplicaLink::User
{
public:
    using Clock = std::chrono::steady_clock;

    ProxyClient(ProxyCore& core, std::unique_ptr<wire::Stream> stream, std::string peer,
                ProxyDoor door);
    void begin();
    /// There are too many connections.
    void turnAway();
    void tick(Clock::time_point now);
    /// Its request has waited, and goes to this replica; with noReplica it is placed anew.
    void calledIn(ReplicaIndex replica);
    /// Ends it without a word.
    void close();
    /// Ends it, and records the request under way...
    void endWith(std::string_view why);
    /// ...with a reset.
    void breakOff(std::string_view why);
    bool fromNetwork() const { return m_door.fromNetwork; }
    /// It has come to this kind of balancer, or its request has.
    bool isWith(std::size_t tier) const
    {
        return m_door.tier == tier || (m_state == State::exchanging && m_at->tier().place() == tier)
            || (m_line && m_lineTier == tier);
    }

    /// A balancer of ours in front is the client.
    bool isInner() const { return m_door.tier != 0; }

    std::size_t place = 0; ///< among the core's

private:
    enum class State : std::uint8_t
    {
        reading, ///< between requests, or in the middle of a head
        exchanging,
        closing, ///< when all is sent
        lingering, ///< all is sent; what comes is thrown away, so that no reset overtakes it
        closed
    };
    static constexpr Clock::time_point never = Clock::time_point::max();

    // The request under way.
    struct Exchange
    {
        http::RequestHead head; ///< as it came; `recall` points into it
        Recall recall;
        ProxyRecord record;
        std::string source; ///< the client's address
        std::string issued; ///< see Dispatcher::issue()
        std::vector<std::string> earlierCookies; ///< of failed attempts
        std::string replay; ///< what was sent of the body, as it was sent
        std::uint32_t ordinal = 0;
        std::uint32_t epoch = 0; ///< the core's, when it was counted
        int attempt = 0;
        BodyPatience bodyPatience;
        Clock::time_point began {};
        Instant assignedAt {};
        ReplicaIndex replica = noReplica;
        Bound bound = Bound::no;
        wire::Framing framing {}; ///< of the request's body
        std::uint64_t length = 0; ///< likewise
        std::uint64_t answerOctets = 0; ///< of the answer's body so far
        AnswerEnd answerEnd = AnswerEnd::whole;
        wire::Framing answerFraming {}; ///< towards the client
        bool secure = false; ///< the client speaks TLS
        bool held = false; ///< the dispatcher counts it at its replica
        bool waits = false; ///< until a replica has room for it
        bool admitted = false; ///< the dispatcher is to be told of its end
        bool retried = false; ///< after it had failed at a replica
        bool queued = false;
        bool freshLink = false; ///< a used connection has proved dead
        bool replayable = true;
        bool bodyEnded = false;
        bool sent = false; ///< some of it may have reached a replica
        bool headSent = false; ///< the response's
        bool keeps = false; ///< the client's connection, afterwards
        bool webSocket = false;
        bool http10 = false; ///< the client speaks
        bool expects = false; ///< and waits for a 100
        bool interim = false; ///< the response that is being read is an interim one
    };

    // proxy_client.cpp: what is read from the client
    void canRead() override;
    void canWrite() override;
    void pump();
    bool makesRoom();
    bool resumesLink();
    bool step();
    bool readHead();
    bool readBody();
    void timeReplica();
    bool manyWait() const;
    void setInterest();

    // proxy_client_ends.cpp: what is said to it by ourselves, and how it ends
    void refuse(int status, std::string_view why);
    void sendOwn(int status, bool keeps);
    void closeWhenSent();
    void flush();
    void shut();
    void clientGone();
    void clientFinished(int status);
    void endExchange(Failure failure, std::string_view why);
    void clientLate();
    void leaveCircuit(int status);

    // proxy_exchange.cpp: to a replica
    void beginExchange();
    void readWhoAsks();
    bool answersCheck();
    bool headTooLarge();
    void recall();
    void dispatch(ReplicaIndex avoid);
    void connect();
    void sendRequest();
    void giveUp(int status, std::string_view why);
    void hold(ReplicaIndex replica);
    bool letGo(bool answered, AnswerEnd end);
    // How its answer ended; empty where it has none, for which the replica is not to blame.
    void release(std::optional<AnswerEnd> answer = {});
    void releaseForClient();
    void dropLink();
    void finish(int status, bool answered);
    Placement placementAt(const BalancerInstance& balancer, Origin origin) const;
    CookieOut remember(Origin origin, http::ResponseHead& response);
    void completeCookies(http::ResponseHead& response);

    // proxy_line.cpp: where connections are placed
    bool placesConnections() const;
    bool goesOnLine();
    void keepLine(ReplicaLink& link);
    void dropLine();
    void lineEnds();

    // proxy_retries.cpp: the replica failed
    void fault(Fault fault, std::string why);
    void afterFault(Fault fault, std::string why);
    Attempt attempt(Fault fault) const;
    void tryAgain();
    void keepCookies();
    void giveUpNow();

    // proxy_waiting.cpp: before it goes on
    void after(Duration wait, void (ProxyClient::*act)());
    void schedule(std::chrono::milliseconds wait, void (ProxyClient::*act)());
    void waitForRoom();
    void waitedInVain();
    void foundNone(const Decision& decision);
    void lookAgain();
    void goOnCalledIn();

    // proxy_answer.cpp: the replica's answer
    void linkGiven(ReplicaLink& link) override;
    void linkConnected() override;
    void linkRefused() override;
    void linkImpossible() override;
    void linkHasNews() override;
    void linkDrained() override;
    bool takeAnswer();
    bool answerHead();
    void answerEnds();
    void answerStops();
    void badAnswer(std::string why);
    void cut(Failure failure, std::string why, AnswerEnd end = AnswerEnd::brokenOff);
    void openTunnel();
    void answerLate();

    std::string nameOf(ReplicaIndex replica) const;
    std::string_view addressOfPeer() const;

    ProxyCore& m_core;
    std::uint32_t m_connection; ///< which of all
    BalancerInstance* m_at; ///< that has the request, or had the last one
    std::unique_ptr<wire::Stream> m_stream;
    std::string m_peer; ///< "127.0.0.1:40000"
    ProxyDoor m_door;
    wire::RequestStream m_in;
    Outbox m_out;
    Exchange m_x;
    std::string m_name; ///< issued to the client, where it is good for its connection
    ReplicaLink* m_link = nullptr; ///< lent for the exchange
    ReplicaLink* m_line = nullptr; ///< lent between requests, where connections are placed...
    ReplicaIndex m_lineServer = noReplica; ///< ...to this server...
    std::uint8_t m_lineTier = 0; ///< ...of this kind of balancer
    std::unique_ptr<QTimer> m_wait; ///< before another attempt
    OnFailure m_waitingFor {};
    Clock::time_point m_readBy = never; ///< the client must have said more
    Clock::time_point m_answerBy = never; ///< the replica likewise
    int m_requests = 0;
    State m_state = State::reading;
    bool m_finished = false; ///< the client sends no more
    bool m_reads = false;
    bool m_pumping = false;
    bool m_linkPaused = false;
    bool m_resets = false; ///< an ordinary end would look like that of the answer
};

} // namespace stickyscope::lab
