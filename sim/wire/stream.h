// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>
#include <QPointer>
#include <QSocketNotifier>
#include <QSslConfiguration>

#include <memory>
#include <string>
#include <string_view>

class QSslSocket;

namespace stickyscope::wire {

/// One connection, without blocking and without a buffer of its own. Unlike Qt's sockets it can be
/// half-closed: a peer that has finished sending still gets its answer. Belongs to one thread,
/// whose event loop runs; destroying it closes it. It may be destroyed from within its owner's
/// calls.
class Stream
{
public:
    class Owner
    {
    public:
        virtual ~Owner() = default;
        virtual void canRead() = 0; ///< or the peer has finished, or it broke: read() says
        virtual void canWrite() = 0;
    };

    static constexpr long nothing = -1; ///< for now
    static constexpr long broken = -2; ///< reset, or failed in another way

    virtual ~Stream() = default;

    void setOwner(Owner* owner) { m_owner = owner; }
    /// The number of octets; 0: the peer sends no more; nothing; broken.
    virtual long read(char* room, std::size_t size) = 0;
    /// How many octets were taken, perhaps none; broken.
    virtual long write(std::string_view octets) = 0;
    virtual void watchReading(bool on) = 0;
    virtual void watchWriting(bool on) = 0;
    /// Says that no more comes; reading goes on.
    virtual void finishWriting() = 0;
    /// Whoever closes it after this resets it: the peer learns that something was cut.
    virtual void resetOnClose() = 0;

protected:
    Owner* m_owner = nullptr;
};

/// TCP in the clear.
class PlainStream : public Stream
{
    // Calls the owner without the two signals that Qt's own would send first for each event.
    class Watch : public QSocketNotifier
    {
    public:
        Watch(PlainStream& stream, Type type)
            : QSocketNotifier(stream.m_descriptor, type)
            , m_stream(stream)
        {
        }

    protected:
        bool event(QEvent* event) override;

    private:
        PlainStream& m_stream;
    };

public:
    /// Takes the descriptor of a connected socket, or of one that connects.
    explicit PlainStream(int descriptor);
    ~PlainStream() override;
    /// Begins to connect, `from` an address of this machine (any where null); canWrite() comes when
    /// that has ended. Null where not even that goes: errno says why.
    static std::unique_ptr<PlainStream> connectTo(const QHostAddress& host, std::uint16_t port,
                                                  const QHostAddress& from = {});

    int connectError() const; ///< after connectTo() and canWrite(); 0: it is connected
    /// Whether something waits to be read, be it the end: of an idle connection nothing should.
    bool hasNews() const;
    long read(char* room, std::size_t size) override;
    long write(std::string_view octets) override;
    void watchReading(bool on) override;
    void watchWriting(bool on) override;
    void finishWriting() override;
    void resetOnClose() override;

private:
    int m_descriptor;
    Watch m_readable;
    std::unique_ptr<Watch> m_writable; ///< made when it is first needed
};

/// The server's side of TLS. Encryption begins at once; canRead() comes with the first octets.
class TlsStream : public Stream
{
public:
    TlsStream(int descriptor, const QSslConfiguration& configuration);
    ~TlsStream() override;

    long read(char* room, std::size_t size) override;
    long write(std::string_view octets) override;
    void watchReading(bool on) override;
    void watchWriting(bool on) override;
    void finishWriting() override;
    void resetOnClose() override;

private:
    bool hasNews() const;
    void tell(bool reading);
    void tellLater();

    QObject m_self; ///< what is posted for this goes with it; the socket stays a while
    QSslSocket* m_socket;
    bool m_willTell = false;
    bool m_reading = false;
    bool m_writing = false;
    bool m_reset = false;
};

/// Whether this errno of a new socket says that this program, or the system, has no room for one:
/// nobody else's fault.
bool isOutOfFiles(int error);

/// "127.0.0.1:8000" or "[::1]:8000" of the socket's other end.
std::string peerOf(int descriptor);

} // namespace stickyscope::wire
