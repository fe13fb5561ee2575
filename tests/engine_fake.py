#!/usr/bin/env python3
"""engine_fake.py KIND FILE: a server that answers as none should, on a port of 127.0.0.1 that it writes to FILE;
what it was asked goes to FILE.asked, a request's headers and statement a line. KIND says how it answers; `echo` says
the password that came. The first two questions are answered well, so that it is the third that is not, but for
early-KIND."""
import http.server
import json
import sys
import time

kind, place = sys.argv[1:3]
early = kind.startswith('early-')
kind = kind.removeprefix('early-')
SETTINGS = [['readonly', kind[-1] if kind.startswith('readonly') else '0']]
COLUMNS = [['version', 'Nullable(UInt64)'], ['srcaddr', 'Nullable(String)'], ['dstaddr', 'Nullable(String)'],
           ['srcport', 'Nullable(UInt64)'], ['dstport', 'Nullable(UInt64)'], ['bytes', 'Nullable(UInt64)'],
           ['packets', 'Nullable(UInt64)'], ['start', 'Nullable(Int64)'], ['end', 'Nullable(Int64)'],
           ['action', 'Nullable(String)'], ['log_status', 'Nullable(String)']]
if kind == 'types':
    COLUMNS[5][1] = 'Nullable(Float64)'
if kind == 'no-end':
    del COLUMNS[8]


def answer(rows, width, totals=None, more=None):
    told = {'meta': [{'name': str(i), 'type': 'x'} for i in range(width)], 'data': rows, 'rows': len(rows)}
    if totals is not None:
        told['totals'] = totals
    if more is not None:
        told['rows_before_limit_at_least'] = more
    return json.dumps(told).encode()


def extent(flows):
    row = ['6484'] + [str(flows), '1700000000', '1700000009'] + [str(flows), '1700000000', '1700000009', '1699999990'] + \
          ['1700000000', '1700000009', '1699999990'] + [str(flows), '1699999990', '1700000009', '0', '0'] + \
          [str(flows * 100), str(flows), '0', str(flows), '0'] + [100, flows * 100]
    return answer([row], len(row), row)


def ranked(flows):
    def row(key, n):
        return [key] + [str(n * 100), str(n), '0', '0', str(n), str(n), '0', '0', '1700000000', '1700000009', '0']
    return answer([row('00000000000000000000FFFF0A000001', flows)], 12, row(None, flows), 1)


class Fake(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    asked = 0

    def log_message(self, *_):
        pass

    def send(self, body, status=200, length=None):
        self.send_response(status)
        self.send_header('Content-Length', str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def chunks(self, pieces, end):
        self.send_response(200)
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        for piece in pieces:
            self.wfile.write(b'%x\r\n%s\r\n' % (len(piece), piece))
        if end:
            self.wfile.write(b'0\r\n\r\n')
        self.close_connection = True

    def do_POST(self):
        statement = self.rfile.read(int(self.headers['Content-Length'])).decode()
        with open(place + '.asked', 'a', encoding='utf-8') as out:
            print(self.path, dict(self.headers), ' '.join(statement.split()), file=out)
        number = Fake.asked
        Fake.asked += 1
        good = [answer(SETTINGS, 2), answer(COLUMNS, 2), extent(5), ranked(5)]
        if number < 2 and not early:
            self.send(good[number])
        else:
            self.wrong(good, number)

    def wrong(self, good, number):
        body = good[number] if number < len(good) else b''
        words = b'Code: 241, e.displayText() = DB::Exception: Memory limit\x1b[2J exceeded, e.what() = DB::Exception\nmore'
        if kind == '401':
            self.send(b'Code: 194, e.displayText() = DB::Exception: Wrong password for user x\n', 401)
        elif kind == 'echo':
            self.send(('Code: 1, your key is ' + self.headers.get('X-ClickHouse-Key', '')).encode(), 500)
        elif kind == 'amid':
            self.chunks([body[:len(body) // 2], words], True)
        elif kind == 'cut':
            self.chunks([body[:len(body) // 2]], False)
        elif kind == 'cut-whole':
            self.chunks([body], False)
        elif kind == 'short':
            self.send(body, length=len(body) + 10)
            self.close_connection = True
        elif kind == 'garbage':
            self.send(b'<html>\x1b]0;owned\x07' + bytes(range(256)))
        elif kind == 'slow':
            time.sleep(30)
        elif kind == 'huge':
            self.send_response(200)
            self.send_header('Content-Length', str(1 << 40))
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b' ' * (1 << 20))
            except OSError:
                self.close_connection = True
        elif kind == 'redirect':
            self.send_response(302)
            self.send_header('Location', 'file:///etc/passwd')
            self.send_header('Content-Length', '0')
            self.end_headers()
        elif kind == 'deep':
            self.send(b'[' * 1000000)
        elif kind == 'rows':
            told = json.loads(body)
            told['rows'] += 1
            self.send(json.dumps(told).encode())
        elif kind == 'totals':
            told = json.loads(body)
            del told['totals']
            self.send(json.dumps(told).encode())
        elif kind == 'cells':
            told = json.loads(body)
            told['data'][0][1] = 'many'
            self.send(json.dumps(told).encode())
        elif kind == 'turned' and number == 3:  # as 26.7 writes no rows but totals
            body = b'\n\t],\n\n\t"totals": [null' + b', "0"' * 4 + b', "5"' + b', "0"' * 6 + b']{\n\t"meta":\n\t[' + \
                   b','.join([b'{}'] * 12) + b'],\n\n\t"data":\n\t[\n,\n\n\t"rows": 0\n}\n'
            self.send(body)
        elif kind == 'changing':
            self.send(extent(5 + number) if number % 2 == 0 else ranked(5))
        else:
            self.send(body)


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Fake)
with open(place, 'w', encoding='utf-8') as port:
    print(server.server_address[1], file=port)
server.serve_forever()
